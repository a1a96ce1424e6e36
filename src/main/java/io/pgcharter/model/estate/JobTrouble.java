package io.pgcharter.model.estate;

import java.time.Instant;
import java.util.Optional;

/// A job of the schedule whose newest instants did not end well for one target.
///
/// @param target as the schedule names it: a database, a repository, `shop-copy`
/// @param dueAt the newest instant that has ended
/// @param outcome `missed`, `skipped`, `failed` or `refused`
/// @param times instants that ended so since it was last done
public record JobTrouble(
        String job, String target, Instant dueAt, String outcome, Optional<String> reason, int times) {}
