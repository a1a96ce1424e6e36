package io.pgcharter.platform.state;

import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import io.pgcharter.model.health.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import tools.jackson.databind.json.JsonMapper;

/// What each check last said of each subject. Thread-safe.
public final class Verdicts {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NAMES = "subject, \"check\", level, message, findings, value, since, at ";
    private static final String COLUMNS = "SELECT " + NAMES + "FROM pgcharter.verdict ";
    private static final String BAD = "FROM pgcharter.verdict WHERE level IN ('UNKNOWN', 'WARN', 'CRIT') ";
    private static final String WORST =
            "array_position(ARRAY['CRIT', 'WARN', 'UNKNOWN', 'OK', 'NOT_APPLICABLE'], level)";
    private static final String ORDER = "ORDER BY " + WORST + ", subject, \"check\" ";

    private static final List<Level> WORST_FIRST =
            List.of(Level.CRIT, Level.WARN, Level.UNKNOWN, Level.OK, Level.NOT_APPLICABLE);

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
            // In one order, so that no two wait for each other.
            handle.registerArrayType(String.class, "text")
                    .createUpdate("""
                            INSERT INTO pgcharter.judged (subject, at)
                            SELECT subject, clock_timestamp() FROM unnest(:subjects) AS s (subject) ORDER BY subject
                            ON CONFLICT (subject) DO UPDATE SET at = excluded.at""")
                    .bindArray(
                            "subjects",
                            String.class,
                            verdicts.stream().map(Verdict::subject).distinct().toList())
                    .execute();
        });
    }

    /// At most `count` of all, the worst first.
    public List<StandingVerdict> worst(int count) {
        List<StandingVerdict> worst = new ArrayList<>();
        jdbi.useHandle(handle -> {
            for (Level level : WORST_FIRST) { // each level by an index, where sorting all would read all
                handle.createQuery(COLUMNS + "WHERE level = :level ORDER BY subject, \"check\" LIMIT :count")
                        .bind("level", level.name())
                        .bind("count", count - worst.size())
                        .map((row, _) -> read(row))
                        .forEach(worst::add);
            }
        });
        return worst;
    }

    /// What all of them come to. Costs a look at what is unknown or bad, however many are good.
    ///
    /// @param count how many of the worst are wanted in whole
    public VerdictSummary summary(int count) {
        return jdbi.inTransaction(handle -> {
            handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            Map<String, StandingVerdict> worst = new HashMap<>();
            handle.createQuery("SELECT * FROM (SELECT DISTINCT ON (subject) " + NAMES + BAD + "ORDER BY subject, "
                            + WORST + ", \"check\") AS worst")
                    .map((row, _) -> read(row))
                    .forEach(standing -> worst.put(standing.verdict().subject(), standing));
            List<StandingVerdict> first = handle.createQuery("SELECT " + NAMES + BAD + ORDER + "LIMIT :count")
                    .bind("count", count)
                    .map((row, _) -> read(row))
                    .list();
            Set<String> judged = handle.createQuery("SELECT subject FROM pgcharter.judged")
                    .mapTo(String.class)
                    .set();
            return new VerdictSummary(judged, worst, first);
        });
    }

    /// How many checks say what of each subject.
    public Map<String, Map<Level, Integer>> counts() {
        Map<String, Map<Level, Integer>> counts = new HashMap<>();
        jdbi.useHandle(handle -> handle.createQuery(
                        "SELECT subject, level, count(*) FROM pgcharter.verdict GROUP BY subject, level")
                .map((row, _) -> counts.computeIfAbsent(row.getString(1), _ -> new EnumMap<>(Level.class))
                        .put(Level.valueOf(row.getString(2)), row.getInt(3)))
                .list());
        return counts;
    }

    /// Takes the level of every verdict.
    @FunctionalInterface
    public interface Levels {
        void add(String subject, String check, Level level);
    }

    /// Tells all levels, and nothing else of any verdict.
    public void levels(Levels levels) {
        jdbi.useHandle(handle -> handle.createQuery(
                        "SELECT subject, \"check\", level FROM pgcharter.verdict ORDER BY 1, 2")
                .map((row, _) -> {
                    levels.add(row.getString(1), row.getString(2), Level.valueOf(row.getString(3)));
                    return true;
                })
                .forEach(_ -> {}));
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
        return handle.createQuery("SELECT " + NAMES + BAD + ORDER)
                .map((row, _) -> read(row))
                .list();
    }

    /// Forgets what is said of subjects, or by checks, that there are no more.
    ///
    /// @return how many were forgotten
    public int keepOnly(Collection<String> subjects, Collection<String> checks) {
        return jdbi.inTransaction(handle -> {
            handle.registerArrayType(String.class, "text");
            handle.createUpdate("DELETE FROM pgcharter.judged WHERE subject <> ALL (:subjects)")
                    .bindArray("subjects", String.class, subjects)
                    .execute();
            return handle.createUpdate(
                            "DELETE FROM pgcharter.verdict WHERE subject <> ALL (:subjects) OR \"check\" <> ALL (:checks)")
                    .bindArray("subjects", String.class, subjects)
                    .bindArray("checks", String.class, checks)
                    .execute();
        });
    }

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
