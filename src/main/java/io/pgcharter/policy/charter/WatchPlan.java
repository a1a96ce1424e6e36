package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards;
import java.util.List;
import java.util.Map;

/// What is watched, and what counts as bad. Section `watch` of the charter.
///
/// @param standards thresholds and waivers
/// @param declarations what the charter declares of databases; those it says nothing of are missing
public record WatchPlan(Standards standards, Map<DatabaseName, Declared> declarations) {
    /// What holds where the charter says nothing.
    public static final WatchPlan NONE = new WatchPlan(new Standards(Map.of(), List.of()), Map.of());

    public WatchPlan {
        declarations = Map.copyOf(declarations);
    }

    public Declared declared(DatabaseName database) {
        return declarations.getOrDefault(database, Declared.NOTHING);
    }
}
