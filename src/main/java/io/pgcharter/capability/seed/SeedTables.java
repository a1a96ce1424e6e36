package io.pgcharter.capability.seed;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.platform.history.History;
import io.pgcharter.platform.postgres.Attended;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The tables that a state of rows is made of: all of a database, but for those of extensions and the history of
/// migrations. A partitioned table stands for its partitions.
final class SeedTables {
    private static final String TABLES =
            """
            SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
              AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
              AND c.relname NOT IN (%s)
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
                              AND d.objid = c.oid AND d.deptype = 'e')
            ORDER BY 1, 2""".formatted(History.tableNames().stream().map(Quoting::literal).collect(Collectors.joining(", ")));

    private static final String VIEWS = """
            SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'm' AND c.relispopulated AND n.nspname !~ '^pg_' ORDER BY c.oid""";

    private final Session session;

    SeedTables(Session session) {
        this.session = session;
    }

    /// Empties them, and has their sequences begin anew.
    ///
    /// @return how many there are
    int empty() {
        List<Row> tables = tables();
        if (!tables.isEmpty()) {
            List<String> names = new ArrayList<>();
            tables.forEach(row -> names.add(Quoting.identifier(row.string(0), row.string(1))));
            session.execute("TRUNCATE " + String.join(", ", names) + " RESTART IDENTITY");
        }
        return tables.size();
    }

    private List<Row> tables() {
        return session.query(TABLES);
    }

    /// Those that hold rows, by name.
    List<SchemaReport.SeededTable> counts() {
        List<SchemaReport.SeededTable> counts = new ArrayList<>();
        for (Row row : tables()) {
            long rows = session.query("SELECT count(*) FROM " + Quoting.identifier(row.string(0), row.string(1)))
                    .getFirst()
                    .number(0);
            if (rows > 0) {
                counts.add(new SchemaReport.SeededTable(row.string(0) + "." + row.string(1), rows));
            }
        }
        return counts;
    }

    /// Materialised views show the new rows, in the order in which they were made: one reads only what is older.
    void refreshViews(Run run) {
        for (Row row : session.query(VIEWS)) {
            Attended.execute(
                    session,
                    "REFRESH MATERIALIZED VIEW " + Quoting.identifier(row.string(0), row.string(1)),
                    run::check);
        }
    }
}
