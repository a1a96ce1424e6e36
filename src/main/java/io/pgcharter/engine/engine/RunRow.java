package io.pgcharter.engine.engine;

import io.pgcharter.model.operation.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.annotation.JsonSerialize;

/// One run, as faces show it. All times are the control database's.
///
/// @param subjects what of the charter it names: `database/payments`, `repository/offsite`
/// @param endedAt empty while it goes on
/// @param outcome `done`, `failed` or `lost`; empty while it goes on
/// @param ending JSON object with the report or the problem; empty while it goes on, and where it is very large
/// @param steps how far it is, or was when it ended; of a run of another node, a few seconds old
public record RunRow(
        String run,
        String verb,
        Operation operation,
        String person,
        String node,
        List<String> subjects,
        Instant begunAt,
        Optional<Instant> endedAt,
        Optional<String> outcome,
        @JsonSerialize(using = JsonAsIs.class) Optional<String> ending,
        boolean cancelRequested,
        List<RunStep> steps) {
    public RunRow {
        subjects = List.copyOf(subjects);
        steps = List.copyOf(steps);
    }
}
