package io.pgcharter.policy.charter;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What the schema cannot say of the section `migrations`. Works on trees that break the schema.
final class MigrationCheck {
    private final YamlDocument document;
    private final Complaints complaints;
    private final CrossCheck names;

    MigrationCheck(YamlDocument document, Complaints complaints, CrossCheck names) {
        this.document = document;
        this.complaints = complaints;
        this.names = names;
    }

    void check(Set<String> databases) {
        Map<String, String> taken = new HashMap<>();
        for (String migrations : document.tree().path("migrations").propertyNames()) {
            String pointer = YamlDocument.child("/migrations", migrations) + "/databases";
            names.references(pointer, "database", databases);
            release(YamlDocument.child(YamlDocument.child("/migrations", migrations), "release"));
            for (JsonNode database : document.tree().at(pointer)) {
                String first = taken.putIfAbsent(database.asString(""), migrations);
                if (first != null && !first.equals(migrations)) {
                    complaints.add(
                            document.keyAt(pointer),
                            SchemaCheck.path(pointer) + " names '" + database.asString("") + "', as migrations." + first
                                    + " does; a database has one history of migrations",
                            "name it in one of them only");
                }
            }
        }
    }

    private void release(String pointer) {
        names.reference(pointer + "/repository", "repository", names.names("repositories"));
        names.references(
                pointer + "/notify",
                "receiver",
                new TreeSet<>(document.tree().at("/alerts/receivers").propertyNames()));
    }
}
