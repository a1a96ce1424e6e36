package io.pgcharter.model.estate;

import java.time.Duration;

/// How far a node's clock is from the control database's.
///
/// @param ahead of the node's clock; negative if it is behind @param doubt the true difference is at most so far from
/// it
public record ClockDifference(Duration ahead, Duration doubt) {}
