package io.pgcharter.policy.schema;

import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.Difference.Change;
import io.pgcharter.model.schema.Difference.How;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Policies of row-level security stand in the way when the type of a column is changed: they are dropped before,
/// and made again by [Completion].
public final class Policies {
    private static final Pattern ABOUT =
            Pattern.compile("^(?:CREATE|ALTER|DROP|COMMENT ON) POLICY ", Pattern.CASE_INSENSITIVE);

    private Policies() {}

    /// The same script, but for policies of tables with a column whose type is changed: those go first, and nothing
    /// else is said of them.
    public static List<String> outOfTheWay(List<String> script, Catalog before, Catalog after) {
        Set<String> tables = Difference.between(before, after).changes().stream()
                .filter(change -> change.name().kind() == ObjectKind.COLUMN && change.how() == How.CHANGED)
                .filter(change -> change.attributes().stream()
                        .anyMatch(attribute -> attribute.name().equals("type")))
                .map(change -> QualifiedName.of(change.name().text()).owner())
                .collect(Collectors.toSet());
        List<String> statements = new ArrayList<>();
        for (ObjectName name : before.objects().keySet()) {
            QualifiedName policy = QualifiedName.of(name.text());
            if (name.kind() == ObjectKind.POLICY && tables.contains(policy.owner())) {
                statements.add("drop policy " + policy.last() + " on " + policy.owner() + ";");
            }
        }
        script.stream().filter(statement -> !isAbout(statement, tables)).forEach(statements::add);
        return statements;
    }

    private static boolean isAbout(String statement, Set<String> tables) {
        return ABOUT.matcher(statement).find()
                && tables.stream()
                        .anyMatch(table -> Pattern.compile(
                                        " ON " + Pattern.quote(table) + "(?![\\w.$\"])", Pattern.CASE_INSENSITIVE)
                                .matcher(statement)
                                .find());
    }

    static List<String> policy(Change change, Map<String, String> wanted) {
        QualifiedName name = QualifiedName.of(change.name().text());
        String policy = name.last() + " on " + name.owner();
        List<String> statements = new ArrayList<>();
        if (change.how() != How.ADDED) {
            statements.add("drop policy " + policy + ";");
        }
        if (change.how() != How.REMOVED) {
            statements.add("create policy " + policy + (wanted.containsKey("restrictive") ? " as restrictive" : "")
                    + " for " + wanted.getOrDefault("command", "all") + " to " + wanted.getOrDefault("roles", "PUBLIC")
                    + part(" using (", wanted.get("using")) + part(" with check (", wanted.get("check")) + ";");
            if (wanted.containsKey("comment")) {
                statements.add(
                        "comment on policy " + policy + " is " + Completion.literalOrNull(wanted.get("comment")) + ";");
            }
        }
        return statements;
    }

    private static String part(String before, @Nullable String expression) {
        return expression == null ? "" : before + expression + ")";
    }
}
