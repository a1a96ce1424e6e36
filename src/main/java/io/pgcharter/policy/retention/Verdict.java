package io.pgcharter.policy.retention;

import java.util.List;

/// What becomes of a backup.
///
/// @param reasons every rule that keeps it, or why none does; at least one
public record Verdict(Candidate candidate, boolean isKept, List<String> reasons) {
    public Verdict {
        reasons = List.copyOf(reasons);
    }
}
