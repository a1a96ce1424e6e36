package io.pgcharter.model.estate;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How a run ended. Times are the control database's.
///
/// @param subjects what of the charter it names: `database/payments`, `repository/offsite`
/// @param outcome `done`, `failed` or `lost`
/// @param code of the problem, if it did not end well
/// @param fact of the problem, if it did not end well
/// @param damage what a check or a verification found to be wrong, one line each; empty if it was none, or found so
/// much
///     that its report was not kept
public record RunEnd(
        String run,
        String verb,
        List<String> subjects,
        Instant endedAt,
        String outcome,
        Optional<String> code,
        Optional<String> fact,
        Optional<List<String>> damage) {
    public RunEnd {
        subjects = List.copyOf(subjects);
        damage = damage.map(List::copyOf);
    }

    public boolean isDone() {
        return outcome.equals("done");
    }
}
