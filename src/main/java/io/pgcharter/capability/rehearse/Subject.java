package io.pgcharter.capability.rehearse;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.migration.Migration;
import io.pgcharter.platform.history.History;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.migration.Ledger;
import java.util.List;
import java.util.function.Supplier;

/// What a rehearsal is of.
///
/// @param disk all migrations, in the order of carrying out
/// @param ledger of the database itself
/// @param programme what is due there
record Subject(
        DatabaseName database,
        Migrations plan,
        List<Migration> disk,
        History history,
        RealDatabase real,
        Ledger ledger,
        Programme programme,
        Supplier<SqlParser> parser) {}
