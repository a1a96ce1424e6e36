package io.pgcharter.platform.state;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Notice;
import io.pgcharter.model.alert.Silence;
import io.pgcharter.model.health.StandingVerdict;
import io.pgcharter.model.operation.Operation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;

/// One transaction in which alerts are decided on. Used by one thread, while [AlertBook#sit] holds it.
public final class AlertSitting {
    /// More of them wait for the next sitting.
    private static final int RUNS_MAX = 1000;

    private static final JsonMapper OPERATIONS =
            JsonMapper.builder().addMixIn(Operation.class, Named.class).build();

    private final Handle handle;

    AlertSitting(Handle handle) {
        this.handle = handle;
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "operation")
    private interface Named {}

    public Instant now() {
        return AlertBook.now(handle);
    }

    public List<Silence> silences() {
        return AlertBook.silences(handle);
    }

    /// Alerts that are open, or of whose end nobody heard, or that ended within `time`. They stay as they are until the
    /// sitting is over.
    public List<Alert> alerts(Duration time) {
        return handle.createQuery("""
                SELECT body FROM pgcharter.alert
                WHERE state <> 'RESOLVED' OR NOT over_told OR resolved_at > clock_timestamp() - :seconds * interval '1 second'
                ORDER BY since, id FOR UPDATE""")
                .bind("seconds", time.toSeconds())
                .map(AlertBook::alert)
                .list();
    }

    /// Verdicts that are unknown or bad.
    public List<StandingVerdict> bad() {
        return Verdicts.bad(handle);
    }

    /// Subjects that no check has judged for `time`, with when one last did.
    public Map<String, Instant> silent(Duration time) {
        Map<String, Instant> silent = new LinkedHashMap<>();
        handle.createQuery("""
                SELECT subject, at FROM pgcharter.judged
                WHERE at < clock_timestamp() - :seconds * interval '1 second' ORDER BY subject""")
                .bind("seconds", time.toSeconds())
                .map(row -> Map.entry(row.getColumn(1, String.class), row.getColumn(2, Instant.class)))
                .forEach(entry -> silent.put(entry.getKey(), entry.getValue()));
        return silent;
    }

    /// Whether there is any verdict.
    public boolean isWatched() {
        return handle.createQuery("SELECT EXISTS (SELECT FROM pgcharter.judged)")
                .mapTo(Boolean.class)
                .one();
    }

    /// Runs whose end nobody heard of, oldest end first, at most 1,000.
    public List<EndedRun> ended() {
        return handle.createQuery("""
                SELECT id, operation, subjects, node, coalesce(outcome, 'lost'), coalesce(ending, '{}'), ended_at
                FROM pgcharter.run
                WHERE ended_at IS NOT NULL AND NOT heard
                ORDER BY ended_at, id LIMIT :max""")
                .bind("max", RUNS_MAX)
                .map(row -> new EndedRun(
                        row.getColumn(1, String.class),
                        OPERATIONS.readValue(row.getColumn(2, String.class), Operation.class),
                        List.of(row.getColumn(3, String[].class)),
                        row.getColumn(4, String.class),
                        row.getColumn(5, String.class),
                        row.getColumn(6, String.class),
                        row.getColumn(7, Instant.class)))
                .list();
    }

    public void heard(List<EndedRun> runs) {
        if (!runs.isEmpty()) {
            handle.registerArrayType(String.class, "text")
                    .createUpdate("UPDATE pgcharter.run SET heard = true WHERE id = ANY (:runs)")
                    .bindArray(
                            "runs",
                            String.class,
                            runs.stream().map(EndedRun::run).toList())
                    .execute();
        }
    }

    /// Names of the nodes on which alerting or the watch goes on.
    public Set<String> nodes() {
        return handle.createQuery("""
                SELECT DISTINCT node FROM pgcharter.run WHERE ended_at IS NULL AND verb IN ('alert', 'watch')""").mapTo(String.class).set();
    }

    /// Receivers that refused some notice three times or more, with how many wait.
    public List<Outbox.Stuck> stuck() {
        return handle.createQuery("""
                SELECT receiver, count(*), min(decided_at),
                       (array_agg(last_error ORDER BY number) FILTER (WHERE last_error IS NOT NULL))[1]
                FROM pgcharter.notice WHERE delivered_at IS NULL AND given_up_at IS NULL
                GROUP BY receiver HAVING max(attempts) >= 3 ORDER BY receiver""")
                .map(row -> new Outbox.Stuck(
                        row.getColumn(1, String.class),
                        row.getColumn(2, Integer.class),
                        row.getColumn(3, Instant.class),
                        Optional.ofNullable(row.getColumn(4, String.class)).orElse("")))
                .list();
    }

    /// Enters what was decided.
    public void enter(Collection<Alert> changed, Collection<String> dropped, Collection<Notice> notices) {
        for (String id : dropped) {
            handle.createUpdate("DELETE FROM pgcharter.alert WHERE id = :id")
                    .bind("id", id)
                    .execute();
        }
        // Those that are over first: another of the same topic may have begun.
        changed.stream().filter(alert -> !alert.isOpen()).forEach(alert -> enter(handle, alert));
        changed.stream().filter(Alert::isOpen).forEach(alert -> enter(handle, alert));
        Outbox.enter(handle, notices);
    }

    static void enter(Handle handle, Alert alert) {
        handle.createUpdate("""
                INSERT INTO pgcharter.alert (id, topic, state, since, resolved_at, over_told, body)
                VALUES (:id, :topic, :state, :since, :resolved, :over, :body)
                ON CONFLICT (id) DO UPDATE
                SET state = excluded.state, since = excluded.since, resolved_at = excluded.resolved_at,
                    over_told = excluded.over_told, body = excluded.body""")
                .bind("id", alert.id())
                .bind("topic", alert.topic().key())
                .bind("state", alert.state().name())
                .bind("since", alert.course().since().atOffset(ZoneOffset.UTC))
                .bind(
                        "resolved",
                        alert.course()
                                .resolvedAt()
                                .map(at -> at.atOffset(ZoneOffset.UTC))
                                .orElse(null))
                .bind("over", alert.told().map(Alert.Told::over).orElse(!alert.isOpen()))
                .bind("body", AlertBook.JSON.writeValueAsString(alert))
                .execute();
    }
}
