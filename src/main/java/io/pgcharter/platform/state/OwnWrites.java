package io.pgcharter.platform.state;

import org.jdbi.v3.core.Jdbi;

/// Whether pgcharter itself wrote into a database that nobody else should write into. By the control database's
/// clock, so nodes and servers whose clocks differ do no harm. Thread-safe.
public final class OwnWrites {
    private final Jdbi jdbi;

    public OwnWrites(State state) {
        this.jdbi = state.jdbi();
    }

    /// Whether a copy or a restore, on any node, has written into it since the check `unexpected-writes` was last
    /// judged, or does so now. Sessions count what they wrote when they end: the reading right after a run is
    /// excused too.
    ///
    /// @param subject `database/payments`
    public boolean into(String subject) {
        // The second database that a copy or restore names is the one it writes into, see Subjects.
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT EXISTS (
                          SELECT FROM pgcharter.run
                          WHERE subjects @> ARRAY[:subject]::text[] AND subjects[2] = :subject AND verb IN ('copy', 'restore')
                            AND (ended_at IS NULL OR ended_at > coalesce((
                              SELECT at FROM pgcharter.verdict WHERE subject = :subject AND "check" = 'unexpected-writes'),
                              '-infinity') - interval '5 seconds'))""")
                .bind("subject", subject)
                .mapTo(Boolean.class)
                .one());
    }
}
