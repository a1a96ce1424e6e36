package io.pgcharter.policy.lint;

import io.pgcharter.model.migration.Layout;
import java.util.Map;

/// What is asked of lint.
///
/// @param version PostgreSQL's major that the migrations are for, 14 to 18
/// @param layout whose rules of transactions hold
/// @param runner what whoever runs the files limits by themselves
/// @param off rules that are not asked, with the reason
public record Wishes(int version, Layout layout, Limits runner, Map<String, String> off, Demands demands) {
    /// What holds where nobody says anything.
    public static final Wishes PLAIN = new Wishes(15, Layout.PLAIN, Limits.NONE, Map.of(), Demands.NONE);

    public Wishes {
        off = Map.copyOf(off);
    }
}
