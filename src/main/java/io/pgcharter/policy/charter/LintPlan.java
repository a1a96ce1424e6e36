package io.pgcharter.policy.charter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What lint makes of migrations. Section `lint` of the charter.
///
/// @param failOn from which severity on lint fails
/// @param off rules that are not asked, with the reason
/// @param rowLevelSecurity schemas whose tables must have it; `*` stands for any text
/// @param names what new names must be
/// @param version PostgreSQL's major that migrations are for, where no database says it
public record LintPlan(
        FailOn failOn, Map<String, String> off, List<String> rowLevelSecurity, Set<Names> names, int version) {
    /// The oldest that still has years to go where most databases are.
    public static final int VERSION_DEFAULT = 15;

    public static final LintPlan NONE = new LintPlan(FailOn.ERROR, Map.of(), List.of(), Set.of(), VERSION_DEFAULT);

    public LintPlan {
        off = Collections.unmodifiableMap(new LinkedHashMap<>(off));
        rowLevelSecurity = List.copyOf(rowLevelSecurity);
        names = Set.copyOf(names);
    }

    /// What is asked of names.
    public enum Names {
        /// Nobody has to write them in quotes.
        PLAIN,
        /// They say the schema.
        WITH_SCHEMA
    }

    /// From which severity on lint fails.
    public enum FailOn {
        ERROR,
        WARNING
    }
}
