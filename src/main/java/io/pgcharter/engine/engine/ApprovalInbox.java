package io.pgcharter.engine.engine;

import io.pgcharter.model.operation.Operation;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;

/// What waits for people to agree, for reading. Thread-safe.
public final class ApprovalInbox {
    private final Jdbi jdbi;

    ApprovalInbox(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// One operation that waits.
    ///
    /// @param role whom the charter's `approvers` must name for whoever agrees; never the asker
    /// @param given who has agreed so far
    /// @param expiresAt from when nobody can agree any more
    public record Request(
            String request,
            Operation operation,
            String asker,
            String role,
            int needed,
            List<Given> given,
            Instant askedAt,
            Instant expiresAt) {
        public Request {
            given = List.copyOf(given);
        }
    }

    /// One person's agreement.
    public record Given(String person, Instant at) {
        /// Of milliseconds since 1970, a blank, and the name.
        private static Given of(String text) {
            int blank = text.indexOf(' ');
            return new Given(text.substring(blank + 1), Instant.ofEpochMilli(Long.parseLong(text.substring(0, blank))));
        }
    }

    /// What can still be agreed to or used, the newest first; at most `count`.
    public List<Request> open(int count) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                SELECT r.id, r.operation, r.asker, r.role, r.needed,
                       ARRAY(SELECT (extract(epoch FROM a.given_at) * 1000)::bigint || ' ' || a.person FROM pgcharter.approval a WHERE a.request = r.id ORDER BY a.given_at),
                       r.asked_at, r.expires_at
                FROM pgcharter.approval_request r
                WHERE r.used_at IS NULL AND r.expires_at > clock_timestamp()
                ORDER BY r.asked_at DESC LIMIT :count""")
                .bind("count", count)
                .map(ApprovalInbox::read)
                .list());
    }

    private static Request read(RowView row) {
        return new Request(
                row.getColumn(1, String.class),
                OperationText.operation(row.getColumn(2, String.class)),
                row.getColumn(3, String.class),
                row.getColumn(4, String.class),
                row.getColumn(5, Integer.class),
                Arrays.stream(row.getColumn(6, String[].class)).map(Given::of).toList(),
                row.getColumn(7, Instant.class),
                row.getColumn(8, Instant.class));
    }
}
