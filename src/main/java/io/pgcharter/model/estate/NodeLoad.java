package io.pgcharter.model.estate;

/// How busy a machine is on which pgcharter watches.
///
/// @param percent of its processors, mean of five minutes
public record NodeLoad(String node, double percent) {}
