package io.pgcharter.model.health;

import java.time.Instant;

/// What a check last said, and how long it has been saying so. Times are the control database's.
///
/// @param since when its level became what it is
/// @param at when it was last judged
public record StandingVerdict(Verdict verdict, Instant since, Instant at) {}
