package io.pgcharter.capability.migrate;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.history.History;
import io.pgcharter.platform.layout.Layouts;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.migration.Ledger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What work on one database's migrations stands on: the charter's words, the files, and where the history is.
///
/// @param disk in the order of carrying out
record Ground(DatabaseName database, Migrations plan, List<Migration> disk, History history) {

    /// @throws ProblemException `MIGRATIONS_INVALID` naming files that do not keep to the layout
    static Ground of(DatabaseName database, Migrations plan) {
        return new Ground(database, plan, files(plan), History.of(plan.layout(), plan.schema()));
    }

    static List<Migration> files(Migrations plan) {
        return Layouts.read(plan.layout(), Path.of(plan.path()), SqlParser.BYTES_MOST);
    }

    Ledger ledger(Session session) {
        return Ledger.of(disk, history.read(session));
    }

    /// @throws ProblemException `NOT_FOUND` if the schema of the history is not there; `MIGRATIONS_DIVERGED` if
    ///     there is no history although the schema holds something
    void requireHistoryOrEmptiness(Session session) {
        requireSchema(session);
        if (history.exists(session)) {
            return;
        }
        Optional<String> first = firstObject(session);
        if (first.isPresent()) {
            throw new ProblemException(
                    ProblemCode.MIGRATIONS_DIVERGED,
                    "'" + database + "' has no " + history.tableName() + ", but is not empty: there is " + first.get(),
                    "what was made without a history would be made a second time",
                    "pgcharter migrate baseline " + database + " --to MIGRATION: the last one whose work is in it");
        }
    }

    void requireSchema(Session session) {
        if (session.query("select from pg_catalog.pg_namespace where nspname = $1", plan.schema())
                .isEmpty()) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "'" + database + "' has no schema '" + plan.schema() + "'",
                    "the charter says that the history of migrations is in it",
                    "create the schema, or correct 'schema' in the charter's section migrations");
        }
    }

    /// What is in the schema and does not belong to an extension.
    private Optional<String> firstObject(Session session) {
        List<Row> found =
                session.query("""
                select what from (
                  select c.oid, 'pg_class'::pg_catalog.regclass as class, 'the relation ' || c.oid::pg_catalog.regclass as what
                  from pg_catalog.pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
                  union all
                  select t.oid, 'pg_type'::pg_catalog.regclass, 'the type ' || t.oid::pg_catalog.regtype
                  from pg_catalog.pg_type t where t.typnamespace = n.oid and t.typtype in ('e', 'd')
                  union all
                  select p.oid, 'pg_proc'::pg_catalog.regclass, 'the function ' || p.oid::pg_catalog.regprocedure
                  from pg_catalog.pg_proc p where p.pronamespace = n.oid) o
                where not exists (select from pg_catalog.pg_depend d
                  where d.classid = o.class and d.objid = o.oid and d.deptype = 'e')
                order by what limit 1""".replace("n.oid", "$1::pg_catalog.regnamespace"), Quoting.identifier(plan.schema()));
        return found.stream().findFirst().map(row -> row.string(0));
    }
}
