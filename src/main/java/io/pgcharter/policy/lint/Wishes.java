package io.pgcharter.policy.lint;

import io.pgcharter.model.migration.Layout;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What is asked of lint.
///
/// @param version PostgreSQL's major that the migrations are for, 14 to 18
/// @param layout whose rules of transactions hold
/// @param runner what whoever runs the files limits by themselves
/// @param off rules that are not asked, with the reason
/// @param rowSecurity schemas, `*` standing for any text, whose tables must have row-level security
public record Wishes(int version, Layout layout, Limits runner, Map<String, String> off, List<String> rowSecurity) {
    /// What holds where nobody says anything.
    public static final Wishes PLAIN = new Wishes(15, Layout.PLAIN, Limits.NONE, Map.of(), List.of());

    public Wishes {
        off = Map.copyOf(off);
        rowSecurity = List.copyOf(rowSecurity);
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
}
