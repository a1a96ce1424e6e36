package io.pgcharter.policy.schema;

import io.pgcharter.model.schema.Difference.Attribute;
import io.pgcharter.model.schema.Difference.Change;
import io.pgcharter.model.schema.ObjectKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who may do what with an object, or with those that are made from now on
/// (<https://www.postgresql.org/docs/current/ddl-priv.html>).
///
/// @param scope what stands before `grant`: nothing, or `alter default privileges …` with a space behind
/// @param column what stands behind each privilege, for one column: ` (name)`
/// @param on what stands behind `on`
/// @param owner as it stands in SQL
/// @param usual what PostgreSQL gives when nothing is said
record Grants(String scope, String column, String on, String owner, Map<String, List<String>> usual) {
    private static final Map<ObjectKind, String> WORDS = Map.ofEntries(
            Map.entry(ObjectKind.SCHEMA, "schema"),
            Map.entry(ObjectKind.TABLE, "table"),
            Map.entry(ObjectKind.VIEW, "table"),
            Map.entry(ObjectKind.MATERIALIZED_VIEW, "table"),
            Map.entry(ObjectKind.SEQUENCE, "sequence"),
            Map.entry(ObjectKind.FUNCTION, "function"),
            Map.entry(ObjectKind.AGGREGATE, "function"),
            Map.entry(ObjectKind.PROCEDURE, "procedure"),
            Map.entry(ObjectKind.LANGUAGE, "language"),
            Map.entry(ObjectKind.FOREIGN_DATA_WRAPPER, "foreign data wrapper"),
            Map.entry(ObjectKind.FOREIGN_SERVER, "foreign server"),
            Map.entry(ObjectKind.TYPE, "type"),
            Map.entry(ObjectKind.DOMAIN, "domain"));

    /// Of objects that have grants of their own.
    static Optional<Grants> of(Change change, Map<String, String> wanted) {
        ObjectKind kind = change.name().kind();
        if (kind == ObjectKind.DEFAULT_PRIVILEGES) {
            return Optional.of(ofDefaults(change.name().text()));
        }
        String word = WORDS.get(kind);
        if (word == null || !wanted.containsKey("owner")) {
            return Optional.empty();
        }
        String owner = Completion.role(wanted.get("owner"));
        return Optional.of(new Grants("", "", word + " " + change.name().text(), owner, usual(owner, word)));
    }

    /// @param owner the table's
    static Grants ofColumn(QualifiedName column, String owner) {
        return new Grants("", " (" + column.last() + ")", "table " + column.owner(), owner, Map.of());
    }

    /// Of the sequence of an identity column.
    ///
    /// @param sequence its description, which begins with its name
    /// @param owner the table's
    static Grants ofIdentity(String sequence, String owner) {
        String name = QualifiedName.split(sequence, ", ").getFirst();
        return new Grants("", "", "sequence " + name, owner, usual(owner, "sequence"));
    }

    /// What stands in a schema is added to what stands for the whole database; what stands there takes the place of
    /// PostgreSQL's own default.
    ///
    /// @param name `role: tables in schema`, as catalogs have it
    private static Grants ofDefaults(String name) {
        List<String> sides = QualifiedName.split(name, ": ");
        List<String> words = QualifiedName.split(sides.getLast(), " in ");
        String role = sides.getFirst();
        String objects = words.getFirst();
        boolean inSchema = words.size() > 1;
        return new Grants(
                "alter default privileges for role " + role + (inSchema ? " in schema " + words.getLast() : "") + " ",
                "",
                objects,
                role,
                inSchema ? Map.of() : usual(role, objects.substring(0, objects.length() - 1)));
    }

    private static Map<String, List<String>> usual(String owner, String word) {
        return switch (word) {
            case "function", "procedure" -> Map.of(owner, List.of("all"), "PUBLIC", List.of("EXECUTE"));
            case "type", "domain", "language" -> Map.of(owner, List.of("all"), "PUBLIC", List.of("USAGE"));
            default -> Map.of(owner, List.of("all"));
        };
    }

    /// What makes them what they are to be; empty if they do not differ.
    ///
    /// @param name of the attribute that tells them
    List<String> statements(Change change, String name) {
        Optional<Attribute> grants = change.attributes().stream()
                .filter(attribute -> attribute.name().equals(name))
                .findFirst();
        if (grants.isEmpty()) {
            return List.of();
        }
        Map<String, List<String>> before =
                grants.get().before().map(this::parsed).orElse(usual);
        Map<String, List<String>> after = grants.get().after().map(this::parsed).orElse(usual);
        TreeSet<String> grantees = new TreeSet<>(before.keySet());
        grantees.addAll(after.keySet());
        List<String> statements = new ArrayList<>();
        for (String grantee : grantees) {
            List<String> wanted = after.getOrDefault(grantee, List.of());
            if (!wanted.equals(before.getOrDefault(grantee, List.of()))) {
                statements.addAll(given(grantee, wanted));
            }
        }
        return statements;
    }

    private List<String> given(String grantee, List<String> wanted) {
        List<String> statements = new ArrayList<>();
        statements.add(scope + "revoke all" + column + " on " + on + " from " + grantee + ";");
        List<String> plain = wanted.stream()
                .filter(privilege -> !privilege.endsWith("*"))
                .map(privilege -> privilege + column)
                .toList();
        List<String> passed = wanted.stream()
                .filter(privilege -> privilege.endsWith("*"))
                .map(privilege -> privilege.substring(0, privilege.length() - 1) + column)
                .toList();
        if (!plain.isEmpty()) {
            statements.add(scope + "grant " + String.join(", ", plain) + " on " + on + " to " + grantee + ";");
        }
        if (!passed.isEmpty()) {
            statements.add(scope + "grant " + String.join(", ", passed) + " on " + on + " to " + grantee
                    + " with grant option;");
        }
        return statements;
    }

    /// `owner: EXECUTE; PUBLIC: EXECUTE`, or `none`.
    private Map<String, List<String>> parsed(String grants) {
        Map<String, List<String>> parsed = new TreeMap<>();
        if (!grants.equals("none")) {
            for (String line : QualifiedName.split(grants, "; ")) {
                List<String> sides = QualifiedName.split(line, ": ");
                String grantee = sides.getFirst().equals("owner") ? owner : sides.getFirst();
                parsed.put(grantee, Arrays.asList(sides.getLast().split(", ")));
            }
        }
        return parsed;
    }
}
