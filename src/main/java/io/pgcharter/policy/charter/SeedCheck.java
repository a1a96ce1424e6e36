package io.pgcharter.policy.charter;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What the schema cannot say of the section `seeds`. Works on trees that break the schema.
final class SeedCheck {
    private static final Set<Set<String>> FORMS = Set.of(Set.of("csv", "into"), Set.of("make", "rows", "columns"));

    private final YamlDocument document;
    private final Complaints complaints;
    private final CrossCheck names;

    SeedCheck(YamlDocument document, Complaints complaints, CrossCheck names) {
        this.document = document;
        this.complaints = complaints;
        this.names = names;
    }

    void check(Set<String> environments) {
        for (String environment : document.tree().path("seeds").propertyNames()) {
            String pointer = YamlDocument.child("/seeds", environment);
            if (!environments.contains(environment)) {
                names.unknown(document.keyAt(pointer), "environment", environment, environments);
            }
            if (document.tree()
                    .path("environments")
                    .path(environment)
                    .path("protected")
                    .asBoolean(false)) {
                complaints.add(
                        document.keyAt(pointer),
                        SchemaCheck.path(pointer) + " is protected, and nothing protected is ever seeded",
                        "leave it out");
            }
            for (String state : document.tree().at(pointer).propertyNames()) {
                String loads = YamlDocument.child(pointer, state);
                for (int load = 0; load < document.tree().at(loads).size(); load++) {
                    load(loads + "/" + load);
                }
            }
        }
    }

    private void load(String pointer) {
        JsonNode load = document.tree().at(pointer);
        if (!load.isObject()) {
            return;
        }
        List<String> keys = List.copyOf(load.propertyNames());
        if (!FORMS.contains(Set.copyOf(keys))) {
            complaints.add(
                    document.keyAt(pointer),
                    SchemaCheck.path(pointer) + " has " + (keys.isEmpty() ? "no keys" : String.join(", ", keys)),
                    "write csv and into; or make, rows and columns");
        }
        for (String column : load.path("columns").propertyNames()) {
            recipe(YamlDocument.child(pointer + "/columns", column));
        }
    }

    private void recipe(String pointer) {
        JsonNode recipe = document.tree().at(pointer);
        if (recipe.isObject() && recipe.size() != 1) {
            complaints.add(
                    document.keyAt(pointer),
                    SchemaCheck.path(pointer) + " says " + recipe.size() + " ways to make values up",
                    "say one: count-from, one-of, between, of or like");
        }
        JsonNode bounds = recipe.path("between");
        if (bounds.size() == 2
                && !Bounds.isPair(bounds.path(0).asString(""), bounds.path(1).asString(""))) {
            complaints.add(
                    document.keyAt(pointer + "/between"),
                    SchemaCheck.path(pointer + "/between")
                            + " is no pair of numbers, dates or instants, the lower one first",
                    "write such as [1, 10], [0.50, 9.99], [2026-01-01, 2026-12-31],"
                            + " [2026-01-01T00:00:00Z, 2026-12-31T00:00:00Z]");
        }
    }
}
