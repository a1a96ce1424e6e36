package io.pgcharter.engine.schedule;

import java.time.Instant;
import java.util.Optional;

/// What became of one instant at which a job was due for a target. All times are the control database's.
///
/// @param attempt from 1; grows when another node takes over from one that died
/// @param outcome `running`, `waiting`, `done`, `failed`, `refused`, `skipped` or `missed`
/// @param reason why; empty where nothing is to be said
/// @param run the newest run, as the journal names it; empty if none was asked for
/// @param node machine and process that handled it
/// @param endedAt empty while it runs or waits
public record JobRun(
        String job,
        String target,
        Instant dueAt,
        int attempt,
        String outcome,
        Optional<String> reason,
        Optional<String> run,
        String node,
        Instant startedAt,
        Optional<Instant> endedAt) {}
