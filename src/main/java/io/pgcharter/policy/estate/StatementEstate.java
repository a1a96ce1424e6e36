package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.SlowStatement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What the watch has measured of one database's statements.
///
/// @param age of the newest sample; empty if the database was never watched
/// @param perSecond statements executed; empty where the server does not count them
/// @param p95Seconds as the metric `statement_p95_seconds` is; empty if nothing was executed
/// @param slow statements whose mean of today is over the charter's limit, those that cost most first
/// @param limit `slow-query` of the charter
public record StatementEstate(
        Optional<Duration> age,
        OptionalDouble perSecond,
        OptionalDouble p95Seconds,
        List<SlowStatement> slow,
        Duration limit) {
    public StatementEstate {
        slow = List.copyOf(slow);
    }
}
