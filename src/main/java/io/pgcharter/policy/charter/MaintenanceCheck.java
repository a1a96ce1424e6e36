package io.pgcharter.policy.charter;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What the schema cannot say of the section `maintenance`. Works on trees that break the schema.
final class MaintenanceCheck {
    private final YamlDocument document;
    private final Complaints complaints;

    MaintenanceCheck(YamlDocument document, Complaints complaints) {
        this.document = document;
        this.complaints = complaints;
    }

    void check() {
        for (String database : document.tree().path("maintenance").propertyNames()) {
            String pointer = YamlDocument.child("/maintenance", database);
            window(pointer + "/window");
            JsonNode partitions = document.tree().at(pointer + "/partitions");
            Set<String> tables = new HashSet<>();
            for (int index = 0; partitions.isArray() && index < partitions.size(); index++) {
                partition(partitions.get(index), pointer + "/partitions/" + index, tables);
            }
        }
    }

    private void window(String pointer) {
        JsonNode window = document.tree().at(pointer);
        if (window.path("from").isString() && window.path("from").equals(window.path("to"))) {
            complaints.add(
                    document.keyAt(pointer),
                    SchemaCheck.path(pointer) + " ends when it begins",
                    "write another 'to'; or leave the window out, and any time will do");
        }
    }

    private void partition(JsonNode node, String pointer, Set<String> tables) {
        String table = node.path("table").asString("");
        if (!table.isEmpty() && !tables.add(table)) {
            complaints.add(
                    document.keyAt(pointer),
                    SchemaCheck.path(pointer) + " is a second plan for " + Wording.quoted(table),
                    "keep the one you mean");
        }
        String schema = node.path("detached-schema").asString("");
        if (!schema.isEmpty()
                && (!node.has("keep") || node.path("then").asString("detach").equals("keep"))) {
            complaints.add(
                    document.keyAt(pointer + "/detached-schema"),
                    SchemaCheck.path(pointer) + " names a schema for what it never detaches",
                    "add 'keep: 90' and 'then: detach', or leave detached-schema out");
        }
        if (!schema.isEmpty() && table.startsWith(schema + ".")) {
            complaints.add(
                    document.keyAt(pointer + "/detached-schema"),
                    SchemaCheck.path(pointer) + " moves what is detached into the schema it is in",
                    "name another schema, or leave detached-schema out");
        }
        name(node, pointer, table);
    }

    private void name(JsonNode node, String pointer, String table) {
        String period = node.path("by").asString("").toUpperCase(Locale.ROOT);
        if (!table.contains(".") || !Set.of("DAY", "WEEK", "MONTH").contains(period)) {
            return;
        }
        PartitionPlan.Period by = PartitionPlan.Period.valueOf(period);
        String name =
                node.path("name").asString(PartitionPlan.nameDefault(table.substring(table.indexOf('.') + 1), by));
        if (!PartitionPlan.placeholdersIn(name).equals(by.placeholders())) {
            complaints.add(
                    document.keyAt(pointer + "/name"),
                    SchemaCheck.path(pointer) + ".name must hold "
                            + by.placeholders().stream()
                                    .sorted()
                                    .map(placeholder -> "{" + placeholder + "}")
                                    .toList()
                            + " and nothing else in braces",
                    "write \"" + PartitionPlan.nameDefault("ticks", by) + "\", or leave name out");
        }
        String longest = name.replace("{year}", "2000").replaceAll("\\{[a-z]*}", "00");
        if (longest.getBytes(StandardCharsets.UTF_8).length > PartitionPlan.NAME_BYTES_MAX) {
            complaints.add(
                    document.keyAt(pointer),
                    "partitions of " + SchemaCheck.path(pointer) + " would have names longer than "
                            + PartitionPlan.NAME_BYTES_MAX + " bytes",
                    "give them a shorter 'name'");
        }
    }
}
