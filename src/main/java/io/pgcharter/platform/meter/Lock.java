package io.pgcharter.platform.meter;

import io.pgcharter.model.sql.LockMode;
import java.time.Duration;
import java.util.Optional;

/// The strongest lock on a relation that was there before.
///
/// @param relation `schema.name` of a table, a view or an index
/// @param table the one that an index or a TOAST table belongs to; a table itself; empty for a view
/// @param seen if it was sampled, the most that it can have been held: from the last look before it was found to the
///     first one after. Empty if it lasts until the end of the transaction
public record Lock(String relation, String table, LockMode mode, Optional<Duration> seen) {}
