package io.pgcharter.platform.state;

import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import io.pgcharter.model.health.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import tools.jackson.databind.json.JsonMapper;

/// What each check last said of each subject. Thread-safe.
public final class Verdicts {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String COLUMNS =
            "SELECT subject, \"check\", level, message, findings, value, since, at FROM pgcharter.verdict ";

    private final Jdbi jdbi;

    public Verdicts(State state) {
        this.jdbi = state.jdbi();
    }

    /// Notes what was just judged. A level that stays the same keeps the time since when it is so.
    public void enter(Collection<Verdict> verdicts) {
        if (verdicts.isEmpty()) {
            return;
        }
        jdbi.useTransaction(handle -> {
            PreparedBatch batch = handle.prepareBatch("""
                    INSERT INTO pgcharter.verdict AS was (subject, "check", level, message, findings, value, since, at)
                    VALUES (:subject, :check, :level, :message, :findings, :value, clock_timestamp(), clock_timestamp())
                    ON CONFLICT (subject, "check") DO UPDATE
                    SET level = excluded.level, message = excluded.message, findings = excluded.findings,
                        value = excluded.value, at = excluded.at,
                        since = CASE WHEN was.level = excluded.level THEN was.since ELSE excluded.since END""");
            for (Verdict verdict : verdicts) {
                OptionalDouble value = verdict.value();
                batch.bind("subject", verdict.subject())
                        .bind("check", verdict.check())
                        .bind("level", verdict.level().name())
                        .bind("message", verdict.message())
                        .bind("findings", JSON.writeValueAsString(verdict.findings()))
                        .bind("value", value.isPresent() ? value.getAsDouble() : null)
                        .add();
            }
            batch.execute();
        });
    }

    /// All of them, the worst first.
    public List<StandingVerdict> all() {
        return jdbi.withHandle(handle ->
                handle.createQuery(COLUMNS + ORDER).map((row, _) -> read(row)).list());
    }

    /// Those of one subject, the worst first.
    public List<StandingVerdict> of(String subject) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS + "WHERE subject = :subject " + ORDER)
                .bind("subject", subject)
                .map((row, _) -> read(row))
                .list());
    }

    /// Those that are unknown or bad, the worst first.
    static List<StandingVerdict> bad(Handle handle) {
        return handle.createQuery(COLUMNS + "WHERE level IN ('UNKNOWN', 'WARN', 'CRIT') " + ORDER)
                .map((row, _) -> read(row))
                .list();
    }

    /// Forgets what is said of subjects, or by checks, that there are no more.
    ///
    /// @return how many were forgotten
    public int keepOnly(Collection<String> subjects, Collection<String> checks) {
        return jdbi.withHandle(handle -> handle.registerArrayType(String.class, "text")
                .createUpdate(
                        "DELETE FROM pgcharter.verdict WHERE subject <> ALL (:subjects) OR \"check\" <> ALL (:checks)")
                .bindArray("subjects", String.class, subjects)
                .bindArray("checks", String.class, checks)
                .execute());
    }

    private static final String ORDER = """
            ORDER BY array_position(ARRAY['CRIT', 'WARN', 'UNKNOWN', 'OK', 'NOT_APPLICABLE'], level), subject, "check"
            """;

    private static StandingVerdict read(ResultSet row) throws SQLException {
        double value = row.getDouble(6);
        OptionalDouble measured = row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
        return new StandingVerdict(
                new Verdict(
                        row.getString(2),
                        row.getString(1),
                        Level.valueOf(row.getString(3)),
                        row.getString(4),
                        List.of(JSON.readValue(row.getString(5), Finding[].class)),
                        measured),
                row.getObject(7, OffsetDateTime.class).toInstant(),
                row.getObject(8, OffsetDateTime.class).toInstant());
    }
}
