package io.pgcharter.policy.retention;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One backup that retention decides on.
///
/// @param id unique among the candidates
/// @param takenAt the instant its content is true for
/// @param provenAt when it was last proven; empty if it never was
/// @param pinned why it is exempt; empty if it is not
/// @param needs ids of the backups without which it cannot be restored; a logical backup needs none
/// @param isWhole whether it could be restored, as far as is known; one that is not takes no place of one that is
public record Candidate(
        String id,
        Instant takenAt,
        Optional<Instant> provenAt,
        Optional<String> pinned,
        List<String> needs,
        boolean isWhole) {
    public Candidate {
        needs = List.copyOf(needs);
    }
}
