package io.pgcharter.model.estate;

/// A kind of work that has failed and not succeeded since.
///
/// @param last the newest failure @param count how often it failed in a row
public record Failure(RunEnd last, int count) {}
