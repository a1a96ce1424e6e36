package io.pgcharter.policy.lint;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.policy.charter.ClassificationPlan;
import io.pgcharter.policy.charter.LintPlan.Names;
import io.pgcharter.policy.charter.RolePlan;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What the charter demands of a schema.
///
/// @param rowSecurity schemas, `*` standing for any text, whose tables must have row-level security
/// @param names what new names must be
/// @param classification which class columns have
/// @param roles what roles may hold
/// @param databases that the files are for; none if nobody knows
public record Demands(
        List<String> rowSecurity,
        Set<Names> names,
        ClassificationPlan classification,
        RolePlan roles,
        List<DatabaseName> databases) {
    public static final Demands NONE =
            new Demands(List.of(), Set.of(), ClassificationPlan.NONE, RolePlan.NONE, List.of());

    public Demands {
        rowSecurity = List.copyOf(rowSecurity);
        names = Set.copyOf(names);
        databases = List.copyOf(databases);
    }

    public boolean wantsRowSecurity(ObjectName table) {
        return rowSecurity.stream()
                .map(pattern -> Pattern.compile(String.join(
                        ".*",
                        List.of(pattern.split("\\*", -1)).stream()
                                .map(Pattern::quote)
                                .toList())))
                .anyMatch(pattern -> pattern.matcher(table.schema()).matches());
    }

    /// The databases that the files are for and whose columns must have a class.
    public List<DatabaseName> classified() {
        return databases.stream().filter(classification::speaksOf).toList();
    }

    /// The databases that the files are for and of which the charter says what roles may hold.
    public List<DatabaseName> ruled() {
        return databases.stream().filter(roles::speaksOf).toList();
    }
}
