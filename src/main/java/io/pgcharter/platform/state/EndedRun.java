package io.pgcharter.platform.state;

import io.pgcharter.model.operation.Operation;
import java.time.Instant;
import java.util.List;

/// A run that has ended.
///
/// @param outcome `done`, `failed` or `lost`
/// @param ending JSON object with the report or the problem; `{}` where it is very large
public record EndedRun(
        String run,
        Operation operation,
        List<String> subjects,
        String node,
        String outcome,
        String ending,
        Instant endedAt) {
    public EndedRun {
        subjects = List.copyOf(subjects);
    }
}
