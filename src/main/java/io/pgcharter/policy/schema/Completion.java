package io.pgcharter.policy.schema;

import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.Difference.Attribute;
import io.pgcharter.model.schema.Difference.Change;
import io.pgcharter.model.schema.Difference.How;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Statements for differences that the writer of scripts is known to leave. What stands in nobody's list stays a
/// difference, and the proof says so.
public final class Completion {
    private final Catalog wanted;

    private Completion(Catalog wanted) {
        this.wanted = wanted;
    }

    /// What more would bring `now` nearer to `wanted`, in order; empty if nothing is known.
    ///
    /// @param made the statements that make an object of `wanted` anew, if it can be made by itself
    /// @param forced whether what only shows or computes is dropped with all that needs it, to be made again
    public static List<String> of(
            Catalog now, Catalog wanted, Function<ObjectName, List<String>> made, boolean forced) {
        Completion completion = new Completion(wanted);
        List<String> statements = new ArrayList<>();
        for (Change change : Difference.between(now, wanted).changes()) {
            Anew anew = new Anew(
                    change.name(),
                    made.apply(change.name()),
                    completion.attributes(change.name()).containsKey("invalid"),
                    forced);
            statements.addAll(anew.statements(change));
            statements.addAll(completion.statements(change));
        }
        return statements;
    }

    private List<String> statements(Change change) {
        Map<String, String> after = attributes(change.name());
        List<String> statements = new ArrayList<>(shaped(change, after));
        if (change.name().kind() == ObjectKind.COLUMN) {
            QualifiedName column = QualifiedName.of(change.name().text());
            String owner = role(
                    attributes(new ObjectName(ObjectKind.TABLE, column.owner())).get("owner"));
            statements.addAll(Grants.ofColumn(column, owner).statements(change, "grants"));
            Optional.ofNullable(after.get("identity sequence"))
                    .map(sequence -> Grants.ofIdentity(sequence, owner).statements(change, "identity grants"))
                    .ifPresent(statements::addAll);
        } else {
            Grants.of(change, after).ifPresent(grants -> statements.addAll(grants.statements(change, "grants")));
        }
        return statements;
    }

    private List<String> shaped(Change change, Map<String, String> after) {
        return switch (change.name().kind()) {
            case PUBLICATION -> Publications.publication(change, after);
            case PUBLICATION_TABLE -> Publications.table(change, after);
            case PUBLICATION_SCHEMA -> Publications.schema(change);
            case POLICY -> Policies.policy(change, after);
            case TABLE -> each(change, this::table);
            case CONSTRAINT -> constraint(change, after);
            case INDEX -> each(change, this::index);
            case DOMAIN_CONSTRAINT -> ofDomain(change, after);
            case COLUMN -> each(change, Completion::column);
            case SEQUENCE -> each(change, Completion::sequence);
            case SCHEMA, EXTENSION, LANGUAGE, COLLATION, TYPE, DOMAIN, VIEW, MATERIALIZED_VIEW -> List.of();
            case STATISTICS, FUNCTION, PROCEDURE, AGGREGATE, OPERATOR, CAST, TRIGGER, RULE, EVENT_TRIGGER -> List.of();
            case TEXT_SEARCH_CONFIGURATION, TEXT_SEARCH_DICTIONARY, SECURITY_LABEL, OTHER -> List.of();
            case FOREIGN_DATA_WRAPPER, FOREIGN_SERVER, USER_MAPPING, DEFAULT_PRIVILEGES -> List.of();
        };
    }

    private SortedMap<String, String> attributes(ObjectName name) {
        return wanted.objects().getOrDefault(name, new TreeMap<>());
    }

    /// What one attribute of an object that is there takes.
    @FunctionalInterface
    private interface Taking {
        List<String> of(String name, Attribute attribute);
    }

    private static List<String> each(Change change, Taking taking) {
        if (change.how() != How.CHANGED) {
            return List.of();
        }
        return change.attributes().stream()
                .flatMap(attribute -> taking.of(change.name().text(), attribute).stream())
                .toList();
    }

    private List<String> table(String name, Attribute attribute) {
        String table = "alter table " + name;
        String after = attribute.after().orElse("");
        return switch (attribute.name()) {
            case "row security" -> List.of(table + (after.isEmpty() ? " disable" : " enable") + " row level security;");
            case "row security forced" ->
                List.of(table + (after.isEmpty() ? " no force" : " force") + " row level security;");
            // That of an index is set with the index.
            case "replica identity" ->
                after.equals("index")
                        ? List.of()
                        : List.of(table + " replica identity " + (after.isEmpty() ? "default" : after) + ";");
            default -> List.of();
        };
    }

    private List<String> index(String name, Attribute attribute) {
        String definition = attributes(new ObjectName(ObjectKind.INDEX, name)).getOrDefault("definition", "");
        return wanted.objects().keySet().stream()
                .filter(object -> object.kind() == ObjectKind.TABLE || object.kind() == ObjectKind.MATERIALIZED_VIEW)
                .filter(object -> definition.contains(" ON " + object.text() + " USING ")
                        || definition.contains(" ON ONLY " + object.text() + " USING "))
                .findFirst()
                .map(table -> marked(table.text(), QualifiedName.of(name).last(), attribute))
                .orElse(List.of());
    }

    /// An index that rows are told apart by, or sorted by.
    private static List<String> marked(String table, String index, Attribute attribute) {
        if (attribute.after().isEmpty()) {
            return attribute.name().equals("clustered")
                    ? List.of("alter table " + table + " set without cluster;")
                    : List.of();
        }
        return switch (attribute.name()) {
            case "replica identity" -> List.of("alter table " + table + " replica identity using index " + index + ";");
            case "clustered" -> List.of("alter table " + table + " cluster on " + index + ";");
            default -> List.of();
        };
    }

    private static List<String> constraint(Change change, Map<String, String> after) {
        QualifiedName name = QualifiedName.of(change.name().text());
        String table = "alter table " + name.owner();
        if (change.how() != How.CHANGED) {
            return List.of();
        }
        List<String> statements = new ArrayList<>();
        for (Attribute attribute : change.attributes()) {
            if (attribute.name().equals("definition")) {
                String definition = after.getOrDefault("definition", "");
                if (attribute.before().equals(Optional.of(definition + " NOT VALID"))) {
                    statements.add(table + " validate constraint " + name.last() + ";");
                } else if (definition.startsWith("CHECK") || definition.startsWith("FOREIGN KEY")) {
                    statements.add(table + " drop constraint " + name.last() + ";");
                    statements.add(table + " add constraint " + name.last() + " " + definition + ";");
                }
            } else {
                statements.addAll(marked(name.owner(), name.last(), attribute));
            }
        }
        return statements;
    }

    private static List<String> ofDomain(Change change, Map<String, String> after) {
        QualifiedName name = QualifiedName.of(change.name().text());
        boolean redefined = change.attributes().stream()
                .anyMatch(attribute -> attribute.name().equals("definition"));
        if (change.how() == How.REMOVED || !redefined) {
            return List.of();
        }
        List<String> statements = new ArrayList<>();
        if (change.how() == How.CHANGED) {
            statements.add("alter domain " + name.owner() + " drop constraint " + name.last() + ";");
        }
        statements.add("alter domain " + name.owner() + " add constraint " + name.last() + " "
                + after.getOrDefault("definition", "") + ";");
        return statements;
    }

    private static List<String> column(String text, Attribute attribute) {
        QualifiedName name = QualifiedName.of(text);
        String table = "alter table " + name.owner();
        String column = table + " alter column " + name.last();
        String after = attribute.after().orElse("");
        return switch (attribute.name()) {
            case "not null" -> notNull(name, attribute);
            case "default" ->
                List.of("alter table only " + name.owner() + " alter column " + name.last()
                        + (after.isEmpty() ? " drop default;" : " set default " + after + ";"));
            case "storage" -> List.of(column + " set storage " + (after.isEmpty() ? "default" : after) + ";");
            case "statistics" -> List.of(column + " set statistics " + (after.isEmpty() ? "-1" : after) + ";");
            case "compression" -> List.of(column + " set compression " + (after.isEmpty() ? "default" : after) + ";");
            default -> List.of();
        };
    }

    /// PostgreSQL 18 has NOT NULL as a constraint with a name, which may be not valid yet.
    private static List<String> notNull(QualifiedName column, Attribute attribute) {
        String table = "alter table " + column.owner();
        String alter = table + " alter column " + column.last();
        List<String> statements = new ArrayList<>();
        if (attribute.before().isPresent()) {
            statements.add(alter + " drop not null;");
        }
        attribute.after().ifPresent(wanted -> {
            int named = wanted.indexOf("constraint ");
            statements.add(table + " add "
                    + (named < 0 ? "" : wanted.substring(named) + " ") + "not null " + column.last()
                    + (wanted.contains("no inherit") ? " no inherit" : "")
                    + (wanted.contains("not valid") ? " not valid" : "") + ";");
        });
        return statements;
    }

    private static List<String> sequence(String name, Attribute attribute) {
        return attribute.name().equals("owned by")
                ? List.of("alter sequence " + name + " owned by "
                        + attribute.after().orElse("none") + ";")
                : List.of();
    }

    static String role(@Nullable String name) {
        return name == null ? "current_user" : '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literalOrNull(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        return (text.indexOf('\\') < 0 ? "'" : " E'") + text.replace("'", "''").replace("\\", "\\\\") + "'";
    }
}
