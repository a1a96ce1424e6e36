package io.pgcharter.policy.lint;

import java.util.List;

/// One thing that lint looks for. Stateless.
public interface Rule {
    Card card();

    /// Whether what it warns of takes as long as there are rows: on a table that is known to be small, it is a
    /// notice.
    default boolean costsByRows() {
        return false;
    }

    /// What it finds in one statement.
    default List<Hit> judge(Situation at) {
        return List.of();
    }

    /// What it finds when all statements have been read.
    default List<Hit> conclude(Ending end) {
        return List.of();
    }
}
