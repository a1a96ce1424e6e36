package io.pgcharter.capability.migrate;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.operation.SchemaOperation.MigrateImport.Tool;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What sqitch or Liquibase wrote down of what it carried out.
///
/// Sources: App::Sqitch, lib/App/Sqitch/Engine/pg.sql (`sqitch.changes`); Liquibase 4, `databasechangelog`.
final class OtherHistory {
    private final Ground ground;
    private final Session session;

    OtherHistory(Ground ground, Session session) {
        this.ground = ground;
        this.session = session;
    }

    /// One entry of it.
    ///
    /// @param name sqitch's change, Liquibase's id
    /// @param file Liquibase's; empty for sqitch
    private record Change(String name, String file) {}

    /// The migrations on disk that it carried out.
    ///
    /// @throws ProblemException `NOT_FOUND` if the tool has no history here; `MIGRATIONS_DIVERGED` naming what is
    ///     no
    ///     migration on disk, or comes in another order
    List<Migration> reached(Tool tool) {
        List<Change> changes = switch (tool) {
            case SQITCH -> sqitch();
            case LIQUIBASE -> liquibase();
        };
        if (changes.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "'" + ground.database() + "' has no history of " + word(tool),
                    "its table is not there, or has no rows",
                    "pgcharter migrate baseline " + ground.database() + " --to MIGRATION");
        }
        List<Migration> versioned = ground.disk().stream()
                .filter(migration -> migration.kind() == Kind.VERSIONED)
                .toList();
        List<String> strange = new ArrayList<>();
        List<Migration> reached = new ArrayList<>();
        for (int index = 0; index < changes.size(); index++) {
            Change change = changes.get(index);
            if (index < versioned.size() && isSame(change, versioned.get(index))) {
                reached.add(versioned.get(index));
            } else {
                strange.add("'" + change.name() + "'"
                        + (index < versioned.size()
                                ? " where '" + versioned.get(index).name() + "' stands"
                                : ""));
            }
        }
        if (!strange.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.MIGRATIONS_DIVERGED,
                    "what " + word(tool) + " carried out in '" + ground.database()
                            + "' are not the first migrations of "
                            + ground.plan().path(),
                    "it has " + String.join(", ", strange.subList(0, Math.min(20, strange.size())))
                            + "; its names and those of the files are compared by letters and digits, in order",
                    "name the files as " + word(tool) + " does, in its order");
        }
        return reached;
    }

    private static String word(Tool tool) {
        return tool.name().toLowerCase(Locale.ROOT);
    }

    private static boolean isSame(Change change, Migration migration) {
        String bare = bare(change.name());
        return bare.equals(bare(migration.name()))
                || bare.equals(bare(migration.title()))
                || bare.equals(bare(migration.script().replaceFirst("\\.[^.]*$", "")))
                || (!change.file().isEmpty()
                        && bare(change.file().replaceFirst("^.*/", "").replaceFirst("\\..*$", ""))
                                .equals(bare(migration.name())));
    }

    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private List<Change> sqitch() {
        if (!isThere("sqitch.changes")) {
            return List.of();
        }
        List<String> projects = session.query("select distinct project from sqitch.changes order by 1").stream()
                .map(row -> row.string(0))
                .toList();
        if (projects.size() > 1) {
            throw new ProblemException(
                    ProblemCode.MIGRATIONS_DIVERGED,
                    "sqitch has " + projects.size() + " projects in '" + ground.database() + "': "
                            + String.join(", ", projects),
                    "a database has one history of migrations here",
                    "pgcharter migrate baseline " + ground.database() + " --to MIGRATION");
        }
        return session.query("select change from sqitch.changes order by committed_at, planned_at, change").stream()
                .map(row -> new Change(row.string(0), ""))
                .toList();
    }

    private List<Change> liquibase() {
        String table = Quoting.identifier(ground.plan().schema(), "databasechangelog");
        if (!isThere(table)) {
            return List.of();
        }
        return session
                .query("select id, filename from " + table
                        + " where exectype in ('EXECUTED', 'RERAN', 'MARK_RAN') order by orderexecuted")
                .stream()
                .map(row -> new Change(row.string(0), row.string(1)))
                .toList();
    }

    private boolean isThere(String table) {
        return session.query("select pg_catalog.to_regclass($1) is not null", table)
                .getFirst()
                .bool(0);
    }
}
