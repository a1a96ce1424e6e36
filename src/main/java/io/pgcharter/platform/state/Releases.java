package io.pgcharter.platform.state;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.migration.Pin;
import io.pgcharter.model.migration.Release;
import io.pgcharter.model.migration.Release.Content;
import io.pgcharter.model.migration.Release.Entry;
import io.pgcharter.model.migration.Release.Mark;
import io.pgcharter.model.migration.Release.Step;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The releases of all nodes, step by step. Thread-safe. Times are the control database's.
public final class Releases {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String SELECT = """
            SELECT id, pin, migrations, before_catalog, after_catalog, begun_at, state, closed FROM pgcharter.release
            """;

    private final Jdbi jdbi;

    public Releases(State state) {
        this.jdbi = state.jdbi();
    }

    /// The one that is open for the database.
    public Optional<Release> open(DatabaseName database) {
        return jdbi.inTransaction(
                TransactionIsolationLevel.REPEATABLE_READ,
                handle -> handle.createQuery(SELECT + "WHERE database = :database AND state = 'OPEN'")
                        .bind("database", database.text())
                        .map((row, _) -> release(handle, database, row))
                        .findOne());
    }

    /// Those of the database that are over, the newest first.
    public List<Release> over(DatabaseName database, int most) {
        return jdbi.inTransaction(
                TransactionIsolationLevel.REPEATABLE_READ,
                handle -> handle.createQuery(SELECT + """
                                WHERE database = :database AND state <> 'OPEN'
                                ORDER BY begun_at DESC, id LIMIT :most""")
                        .bind("database", database.text())
                        .bind("most", most)
                        .map((row, _) -> release(handle, database, row))
                        .list());
    }

    private static Release release(Handle handle, DatabaseName database, ResultSet row) throws SQLException {
        String id = row.getString(1);
        Map<String, String> migrations = map(row.getString(3));
        return new Release(
                id,
                database,
                new Pin(row.getString(2)),
                migrations.entrySet().stream()
                        .map(each -> new Content(each.getKey(), new Pin(each.getValue())))
                        .toList(),
                row.getString(4),
                row.getString(5),
                row.getObject(6, OffsetDateTime.class).toInstant(),
                Release.State.valueOf(row.getString(7)),
                row.getBoolean(8),
                log(handle, id));
    }

    private static List<Entry> log(Handle handle, String release) {
        return handle.createQuery("""
                        SELECT number, step, mark, run, begun_at, ended_at, evidence FROM pgcharter.release_step
                        WHERE release = :release ORDER BY number""")
                .bind("release", release)
                .map((row, _) -> new Entry(
                        row.getInt(1),
                        Step.valueOf(row.getString(2)),
                        Mark.valueOf(row.getString(3)),
                        new RunId(row.getString(4)),
                        row.getObject(5, OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getObject(6, OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant),
                        map(row.getString(7))))
                .list();
    }

    private static Map<String, String> map(String json) {
        return JSON.readValue(json, new TypeReference<LinkedHashMap<String, String>>() {});
    }

    /// Enters a new release, with its log.
    ///
    /// @throws ProblemException `TARGET_BUSY` if one is open for the database
    public void enter(Release release) {
        Map<String, String> migrations = new LinkedHashMap<>();
        release.migrations()
                .forEach(each -> migrations.put(each.name(), each.pin().sha256()));
        jdbi.useTransaction(handle -> {
            int entered = handle.createUpdate("""
                            INSERT INTO pgcharter.release
                              (id, database, pin, migrations, before_catalog, after_catalog, begun_at, state)
                            VALUES (:id, :database, :pin, :migrations, :before, :after, :begun, 'OPEN')
                            ON CONFLICT DO NOTHING""")
                    .bind("id", release.id())
                    .bind("database", release.database().text())
                    .bind("pin", release.pin().sha256())
                    .bind("migrations", JSON.writeValueAsString(migrations))
                    .bind("before", release.before())
                    .bind("after", release.after())
                    .bind("begun", release.begunAt().atOffset(ZoneOffset.UTC))
                    .execute();
            if (entered == 0) {
                throw taken(release.database().text());
            }
            for (Entry entry : release.log()) {
                begin(handle, release.id(), entry.number(), entry.step(), entry.run());
                end(handle, release.id(), entry.number(), entry.mark(), entry.evidence());
            }
        });
    }

    private static ProblemException taken(String which) {
        return new ProblemException(
                ProblemCode.TARGET_BUSY,
                "somebody else carries on the release of '" + which + "'",
                "another process has taken its next step",
                "wait until it has ended; pgcharter migrate status shows where it stands");
    }

    /// Writes down that a step is begun. What was begun before and did not end has been taken over.
    ///
    /// @param number one more than that of the last entry
    /// @throws ProblemException `TARGET_BUSY` if somebody else has taken the next step
    public void begin(String release, int number, Step step, RunId run) {
        jdbi.useHandle(handle -> begin(handle, release, number, step, run));
    }

    private static void begin(Handle handle, String release, int number, Step step, RunId run) {
        int begun = handle.createUpdate("""
                        INSERT INTO pgcharter.release_step (release, number, step, mark, run, begun_at)
                        VALUES (:release, :number, :step, 'BEGUN', :run, clock_timestamp()) ON CONFLICT DO NOTHING""")
                .bind("release", release)
                .bind("number", number)
                .bind("step", step.name())
                .bind("run", run.text())
                .execute();
        if (begun == 0) {
            throw taken(release);
        }
    }

    /// Writes down how a step ended, and with the same stroke what its end means for the health endpoint.
    ///
    /// @param closes whether the health endpoint says 503 from now on; as before if empty
    public void end(String release, int number, Mark mark, Map<String, String> evidence, Optional<Boolean> closes) {
        jdbi.useTransaction(handle -> {
            end(handle, release, number, mark, evidence);
            closes.ifPresent(
                    now -> handle.createUpdate("UPDATE pgcharter.release SET closed = :closed WHERE id = :release")
                            .bind("closed", now)
                            .bind("release", release)
                            .execute());
        });
    }

    private static void end(Handle handle, String release, int number, Mark mark, Map<String, String> evidence) {
        handle.createUpdate("""
                        UPDATE pgcharter.release_step
                        SET mark = :mark, ended_at = clock_timestamp(), evidence = :evidence
                        WHERE release = :release AND number = :number""")
                .bind("mark", mark.name())
                .bind("evidence", JSON.writeValueAsString(evidence))
                .bind("release", release)
                .bind("number", number)
                .execute();
    }

    /// Writes down that it is over. The health endpoint says 200 then.
    public void conclude(String release, Release.State state) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        UPDATE pgcharter.release SET state = :state, closed = false
                        WHERE id = :release AND state = 'OPEN'""")
                .bind("state", state.name())
                .bind("release", release)
                .execute());
    }

    /// Lets the health endpoint say 200, of one that goes on.
    public void reopen(String release) {
        jdbi.useHandle(handle -> handle.createUpdate("UPDATE pgcharter.release SET closed = false WHERE id = :release")
                .bind("release", release)
                .execute());
    }

    /// Whether applications are to stay away from the database.
    public boolean isClosed(DatabaseName database) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT EXISTS (SELECT FROM pgcharter.release
                          WHERE database = :database AND state = 'OPEN' AND closed)""")
                .bind("database", database.text())
                .mapTo(Boolean.class)
                .one());
    }
}
