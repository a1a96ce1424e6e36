package io.pgcharter.platform.state;

import io.pgcharter.model.alert.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Notices that are on their way, of all nodes. Thread-safe. What is claimed is sent by one node; if that dies, by
/// another one, so a notice may arrive twice, with the same id.
public final class Outbox {
    /// Longer than sending one takes. A claim of a run that has ended does not hold at all.
    private static final Duration CLAIM = Duration.ofMinutes(5);

    private static final Duration PAUSE_MIN = Duration.ofSeconds(5);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(15);

    /// For so long is tried. Nobody wants to be told of last week as of today.
    private static final Duration TRIED = Duration.ofDays(3);

    private static final int ERROR_MAX = 500;

    private final Jdbi jdbi;

    public Outbox(State state) {
        this.jdbi = state.jdbi();
    }

    /// A notice that is to be sent.
    ///
    /// @param number of notices of one charter, in the order they were decided @param attempt 1 for the first
    public record Claimed(long number, int attempt, Notice notice) {}

    /// @param count notices that wait @param since when the oldest of them was decided
    public record Stuck(String receiver, int count, Instant since, String error) {}

    /// One notice as it stands.
    public record Row(
            long number,
            Notice notice,
            Instant decidedAt,
            int attempts,
            Optional<Instant> deliveredAt,
            Optional<Instant> givenUpAt,
            Optional<String> error) {}

    /// Enters notices that no alert is behind. One of which there is already a notice with its id is left out.
    public void enter(Collection<Notice> notices) {
        jdbi.useTransaction(handle -> enter(handle, notices));
    }

    static void enter(Handle handle, Collection<Notice> notices) {
        if (notices.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("""
                INSERT INTO pgcharter.notice (id, receiver, body, decided_at, next_at)
                VALUES (:id, :receiver, :body, clock_timestamp(), clock_timestamp()) ON CONFLICT (id) DO NOTHING""");
        for (Notice notice : notices) {
            batch.bind("id", notice.id())
                    .bind("receiver", notice.receiver())
                    .bind("body", AlertBook.JSON.writeValueAsString(notice))
                    .add();
        }
        batch.execute();
    }

    /// Claims what is due: for each receiver the oldest, but none for a receiver that is `busy`.
    ///
    /// @param run the run that will send them
    public List<Claimed> claim(String run, Collection<String> busy) {
        return jdbi.inTransaction(handle -> handle.registerArrayType(String.class, "text")
                .createQuery("""
                WITH due AS (
                  SELECT n.number, row_number() OVER (PARTITION BY n.receiver ORDER BY n.number) AS place
                  FROM pgcharter.notice n
                  WHERE n.delivered_at IS NULL AND n.given_up_at IS NULL AND n.receiver <> ALL (:busy)
                    AND (n.next_at <= clock_timestamp()
                         OR EXISTS (SELECT FROM pgcharter.run r WHERE r.id = n.sender AND r.ended_at IS NOT NULL))
                ), free AS (
                  SELECT n.number FROM pgcharter.notice n JOIN due USING (number)
                  WHERE due.place = 1 AND n.delivered_at IS NULL AND n.given_up_at IS NULL
                  FOR UPDATE OF n SKIP LOCKED
                )
                UPDATE pgcharter.notice n
                SET sender = :run, attempts = n.attempts + 1,
                    next_at = clock_timestamp() + :seconds * interval '1 second'
                FROM free WHERE n.number = free.number
                RETURNING n.number, n.attempts, n.body""")
                .bindArray("busy", String.class, busy)
                .bind("run", run)
                .bind("seconds", CLAIM.toSeconds())
                .map(row -> new Claimed(
                        row.getColumn(1, Long.class),
                        row.getColumn(2, Integer.class),
                        notice(row.getColumn(3, String.class))))
                .list());
    }

    private static Notice notice(String body) {
        return AlertBook.JSON.readValue(body, Notice.class);
    }

    public void delivered(Claimed claimed) {
        jdbi.useHandle(handle ->
                handle.createUpdate("""
                        UPDATE pgcharter.notice
                        SET delivered_at = clock_timestamp(), sender = NULL, last_error = NULL
                        WHERE number = :number AND delivered_at IS NULL""").bind("number", claimed.number()).execute());
    }

    /// Lets a notice wait after a try that failed: 5 s, twice as long after each further one, at most 15 min. After 3
    /// days it is given up.
    ///
    /// @param error without secrets
    public void refused(Claimed claimed, String error) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        UPDATE pgcharter.notice
                        SET sender = NULL, last_error = :error,
                            next_at = clock_timestamp() + :seconds * interval '1 second',
                            given_up_at = CASE WHEN decided_at < clock_timestamp() - :tried * interval '1 second'
                                               THEN clock_timestamp() END
                        WHERE number = :number AND delivered_at IS NULL""")
                .bind("number", claimed.number())
                .bind("error", error.substring(0, Math.min(error.length(), ERROR_MAX)))
                .bind("seconds", pause(claimed.attempt()).toSeconds())
                .bind("tried", TRIED.toSeconds())
                .execute());
    }

    static Duration pause(int attempt) {
        Duration pause = PAUSE_MIN.multipliedBy(1L << Math.min(attempt - 1, 20));
        return pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause;
    }

    /// The newest `count`, newest first.
    public List<Row> last(int count) {
        return jdbi.withHandle(handle ->
                handle.createQuery("""
                        SELECT number, body, decided_at, attempts, delivered_at, given_up_at, last_error
                        FROM pgcharter.notice ORDER BY number DESC LIMIT :count""").bind("count", count).map(Outbox::row).list());
    }

    private static Row row(RowView row) {
        return new Row(
                row.getColumn(1, Long.class),
                notice(row.getColumn(2, String.class)),
                row.getColumn(3, Instant.class),
                row.getColumn(4, Integer.class),
                Optional.ofNullable(row.getColumn(5, Instant.class)),
                Optional.ofNullable(row.getColumn(6, Instant.class)),
                Optional.ofNullable(row.getColumn(7, String.class)));
    }
}
