package io.pgcharter.model.estate;

import java.time.Instant;

/// A job of the schedule that should have begun for one target, and that nobody has begun.
///
/// @param since when it should have
public record OverdueJob(String job, String target, Instant since) {}
