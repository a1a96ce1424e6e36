package io.pgcharter.entry.web.page;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What waits for somebody's agreement.
///
/// @param open the oldest first
/// @param settled what was agreed to, used or ran out, the newest first
public record ApprovalsPage(List<Request> open, List<Request> settled) implements Page {
    public ApprovalsPage {
        open = List.copyOf(open);
        settled = List.copyOf(settled);
    }

    @Override
    public String title() {
        return "Approvals";
    }

    @Override
    public String section() {
        return "approvals";
    }

    /// One request.
    ///
    /// @param what in words: `copy of payments into staging`
    /// @param approvals who agreed, in their order
    /// @param needed how many must agree
    /// @param role whom they must be
    /// @param state in a word, for what is settled: `used`, `ran out`
    /// @param barred why this visitor may not agree; empty if so
    public record Request(
            String id,
            String what,
            String asker,
            Instant askedAt,
            Instant expiresAt,
            List<Approval> approvals,
            int needed,
            String role,
            List<DecisionPage.Reason> reasons,
            String state,
            Optional<String> barred) {
        public Request {
            approvals = List.copyOf(approvals);
            reasons = List.copyOf(reasons);
        }
    }

    /// One agreement.
    public record Approval(String person, Instant at) {}
}
