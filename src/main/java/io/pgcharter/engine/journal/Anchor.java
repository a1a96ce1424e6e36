package io.pgcharter.engine.journal;

/// A copy of a checkpoint outside of the control database.
///
/// @param place where it lies, for people: `repository offsite, snapshot 3f2a9c01`
public record Anchor(Checkpoint checkpoint, String place) {}
