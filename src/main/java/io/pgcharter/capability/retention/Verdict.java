package io.pgcharter.capability.retention;

import java.util.List;

/// What becomes of a backup.
///
/// @param reasons every rule that keeps it, or why none does; at least one
record Verdict(Candidate candidate, boolean isKept, List<String> reasons) {
    Verdict {
        reasons = List.copyOf(reasons);
    }
}
