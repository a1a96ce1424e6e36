package io.pgcharter.platform.inventory;

import io.pgcharter.platform.state.State;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;

/// Removes runs that ended long ago, but for those that pages and checks still ask for. The journal keeps everything.
/// Nodes may do this at the same time: what one has locked the others pass over. Thread-safe.
public final class RunUpkeep {
    /// A year, and a month to compare it with.
    static final Duration KEPT = Duration.ofDays(400);

    private static final int BATCH = 1_000;

    /// What is left then is for the next call.
    private static final int BATCHES_MAX = 20;

    /// Of each verb and subject the newest run stays, and the newest that was done; so does one that holds a lease.
    private static final String RUNS = """
            DELETE FROM pgcharter.run WHERE id IN (
              SELECT r.id FROM pgcharter.run r
              WHERE r.begun_at < clock_timestamp() - :seconds * interval '1 s'
                AND r.ended_at < clock_timestamp() - :seconds * interval '1 s'
                AND r.begun_at < (SELECT n.begun_at FROM pgcharter.run n
                  WHERE n.verb = r.verb AND coalesce(n.subjects[1], '') = coalesce(r.subjects[1], '')
                    AND n.subjects = r.subjects AND n.ended_at IS NOT NULL
                    AND (n.outcome = 'done' OR r.outcome IS DISTINCT FROM 'done')
                  ORDER BY n.begun_at DESC LIMIT 1)
                AND NOT EXISTS (SELECT FROM pgcharter.lease l WHERE l.run = r.id)
              LIMIT :batch FOR UPDATE OF r SKIP LOCKED)""";

    private final Jdbi jdbi;

    public RunUpkeep(State state) {
        this.jdbi = state.jdbi();
    }

    /// Removes what is due, at most 20,000 runs, a thousand in a transaction.
    ///
    /// @return how many went
    public int run() {
        int all = 0;
        for (int batch = 0; batch < BATCHES_MAX; batch++) {
            int gone = jdbi.withHandle(handle -> handle.createUpdate(RUNS)
                    .bind("seconds", KEPT.toSeconds())
                    .bind("batch", BATCH)
                    .execute());
            all += gone;
            if (gone < BATCH) {
                return all;
            }
        }
        return all;
    }
}
