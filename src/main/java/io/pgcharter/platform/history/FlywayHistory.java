package io.pgcharter.platform.history;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.migration.Recorded;
import io.pgcharter.model.migration.Recorded.State;
import io.pgcharter.model.migration.Version;
import io.pgcharter.platform.layout.FlywayDirectory;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// `flyway_schema_history`. A row that is begun and not ended has `success` false, as one that failed outside of a
/// transaction, and in `execution_time` the number of its statements that were carried out, as -1 - number: Flyway
/// writes no negative times. While it is undone, [#UNDOING] is added to the number.
///
/// Flyway without a licence knows no row for what was undone, so [#undone] removes the row.
///
/// Source: Flyway, PostgreSQLDatabase.java, JdbcTableSchemaHistory.java, MigrationInfoServiceImpl.java and
/// PostgreSQLAdvisoryLockTemplate.java.
public record FlywayHistory(String schema) implements History {
    /// `Flyway` in ASCII.
    private static final long LOCK = 0x466C_7977_6179L;

    /// More statements than a file has.
    static final int UNDOING = 1_000_000_000;

    private static final String BASELINE = "<< Flyway Baseline >>";

    @Override
    public String tableName() {
        return "flyway_schema_history";
    }

    /// Flyway adds the hash of the table's quoted name, a signed number.
    @Override
    public long lock() {
        return LOCK + table().hashCode();
    }

    @Override
    public String searchPath(String original) {
        return SearchPath.schemaFirst(schema, original);
    }

    @Override
    public void create(Session session) {
        session.execute("""
                CREATE TABLE %1$s (
                    "installed_rank" INT NOT NULL,
                    "version" VARCHAR(50),
                    "description" VARCHAR(200) NOT NULL,
                    "type" VARCHAR(20) NOT NULL,
                    "script" VARCHAR(1000) NOT NULL,
                    "checksum" INTEGER,
                    "installed_by" VARCHAR(100) NOT NULL,
                    "installed_on" TIMESTAMP NOT NULL DEFAULT now(),
                    "execution_time" INTEGER NOT NULL,
                    "success" BOOLEAN NOT NULL
                );
                ALTER TABLE %1$s ADD CONSTRAINT "flyway_schema_history_pk" PRIMARY KEY ("installed_rank");
                CREATE INDEX "flyway_schema_history_s_idx" ON %1$s ("success")""".formatted(table()));
    }

    @Override
    public List<Recorded> read(Session session) {
        if (!exists(session)) {
            return List.of();
        }
        List<Recorded> holding = new ArrayList<>();
        session.query("select installed_rank, version, description, type, checksum, execution_time, success,"
                        + " pg_catalog.floor(extract(epoch from installed_on at time zone"
                        + " pg_catalog.current_setting('TimeZone')) * 1000)::bigint from "
                        + table() + " order by installed_rank")
                .forEach(row -> take(row, holding));
        return List.copyOf(holding);
    }

    private static void take(Row row, List<Recorded> holding) {
        String type = row.string(3);
        Recorded recorded = recorded(row);
        switch (type) {
            case "SCHEMA" -> {
                // Flyway made the schema; that is no migration.
            }
            case "DELETE" -> {
                if (row.bool(6)) {
                    holding.removeIf(before -> before.name().equals(recorded.name()));
                }
            }
            case "UNDO_SQL", "UNDO_SCRIPT", "UNDO_JDBC" -> {
                holding.removeIf(before -> before.name().equals(recorded.name()));
                if (!row.bool(6)) {
                    holding.add(recorded);
                }
            }
            default -> holding.add(recorded);
        }
    }

    private static Recorded recorded(Row row) {
        @Nullable String number = row.text(1);
        String description = row.string(2);
        boolean isBaseline = row.string(3).contains("BASELINE") || row.string(3).endsWith("STATE_SCRIPT");
        Version version = number == null ? Version.of(description) : Version.ofNumbers(number);
        State applied = isBaseline ? State.BASELINE : State.APPLIED;
        return new Recorded(
                row.string(0),
                number == null ? FlywayDirectory.repeatableName(description) : FlywayDirectory.name(version),
                version,
                row.string(3).equals("BASELINE") ? Optional.empty() : Optional.of(description),
                Optional.ofNullable(row.text(4)),
                row.bool(6) ? applied : State.FAILED,
                row.number(5) < 0 ? OptionalInt.of((int) ((-1 - row.number(5)) % UNDOING)) : OptionalInt.empty(),
                row.number(5) <= -1 - UNDOING,
                "",
                Rows.instant(row.text(7)));
    }

    @Override
    public void applied(Session session, Migration migration, Duration took) {
        insert(session, migration, took.toMillis(), true);
    }

    @Override
    public String begun(Session session, Migration migration) {
        return insert(session, migration, -1, false);
    }

    private String insert(Session session, Migration migration, long millis, boolean success) {
        return insert(
                session,
                migration.kind() == Kind.REPEATABLE ? null : version(migration.script()),
                migration.title(),
                migration.kind() == Kind.BASELINE ? "SQL_BASELINE" : "SQL",
                migration.script(),
                migration.checksum(),
                Long.toString(millis),
                Boolean.toString(success));
    }

    private String insert(Session session, @Nullable String... values) {
        return session.query(
                        "insert into " + table() + " (installed_rank, version, description, type, script, checksum,"
                                + " execution_time, success, installed_by) select coalesce(max(installed_rank), 0) + 1,"
                                + " $1, $2, $3, $4, $5::int, $6::int, $7::boolean, current_user from "
                                + table() + " returning installed_rank",
                        values)
                .getFirst()
                .string(0);
    }

    /// As Flyway shows it: what stands before the description, zeros included, with dots.
    private static String version(String script) {
        String file = script.substring(script.lastIndexOf('/') + 1);
        int end = file.indexOf("__");
        return file.substring(1, end < 0 ? file.length() - ".sql".length() : end)
                .replace('_', '.');
    }

    @Override
    public void progress(Session session, String key, int steps) {
        session.query(
                "update " + table() + " set execution_time = -1 - $2::int"
                        + " - case when execution_time <= -1 - $3::int then $3::int else 0 end"
                        + " where installed_rank = $1::int",
                key,
                Integer.toString(steps),
                Integer.toString(UNDOING));
    }

    @Override
    public void ended(Session session, String key, Duration took) {
        session.query(
                "update " + table() + " set success = true, execution_time = $2::int where installed_rank = $1::int",
                key,
                Long.toString(Math.min(Integer.MAX_VALUE, took.toMillis())));
    }

    @Override
    public void broke(Session session, String key, String log) {
        // The table has no place for it.
    }

    /// Flyway leaves no row of what was rolled back.
    @Override
    public void failed(Session session, Migration migration, String log) {
        // No row: see above.
    }

    @Override
    public void reopened(Session session, Recorded recorded) {
        session.query(
                "update " + table()
                        + " set success = false, execution_time = -1 - $2::int where installed_rank = $1::int",
                recorded.key(),
                Integer.toString(UNDOING));
    }

    @Override
    public void undone(Session session, Recorded recorded) {
        session.query("delete from " + table() + " where installed_rank = $1::int", recorded.key());
    }

    /// As `flyway repair` does.
    @Override
    public void rolledBack(Session session, Recorded recorded) {
        undone(session, recorded);
    }

    /// As `flyway repair` does.
    @Override
    public void forgotten(Session session, Recorded recorded) {
        session.query(
                "insert into " + table() + " (installed_rank, version, description, type, script, checksum,"
                        + " installed_by, execution_time, success) select (select max(installed_rank) + 1 from "
                        + table()
                        + "), version, description, 'DELETE', script, checksum, current_user, 0, success from "
                        + table() + " where installed_rank = $1::int",
                recorded.key());
    }

    /// As `flyway repair` does where there is a row.
    @Override
    public void settled(Session session, Migration migration) {
        List<Recorded> rows = read(session).stream()
                .filter(recorded -> recorded.name().equals(migration.name()))
                .toList();
        if (rows.isEmpty()) {
            applied(session, migration, Duration.ZERO);
            return;
        }
        session.query(
                "update " + table() + " set success = true, description = $2, script = $3, checksum = $4::int,"
                        + " execution_time = greatest(execution_time, 0) where installed_rank = $1::int",
                rows.getLast().key(),
                migration.title(),
                migration.script(),
                migration.checksum());
    }

    @Override
    public void baseline(Session session, List<Migration> reached) {
        insert(session, version(reached.getLast().script()), BASELINE, "BASELINE", BASELINE, null, "0", "true");
    }
}
