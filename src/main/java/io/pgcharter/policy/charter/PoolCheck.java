package io.pgcharter.policy.charter;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What the schema cannot say of the section `pools`. Works on trees that break the schema.
final class PoolCheck {
    private final YamlDocument document;
    private final Complaints complaints;
    private final CrossCheck names;

    PoolCheck(YamlDocument document, Complaints complaints, CrossCheck names) {
        this.document = document;
        this.complaints = complaints;
        this.names = names;
    }

    void check(Set<String> databases) {
        Map<String, String> listening = new HashMap<>();
        for (String pooler : document.tree().path("pools").propertyNames()) {
            String pointer = YamlDocument.child("/pools", pooler);
            names.providers(pointer + "/admin");
            listens(pooler, pointer, listening);
            for (String database : document.tree().at(pointer + "/databases").propertyNames()) {
                names.key(pointer + "/databases", database, databases);
                sizes(YamlDocument.child(pointer + "/databases", database));
            }
        }
    }

    private void listens(String pooler, String pointer, Map<String, String> listening) {
        JsonNode node = document.tree().at(pointer);
        String place = node.path("listen_addr").asString(PoolPlan.LISTEN_DEFAULT) + ":"
                + node.path("listen_port").asInt(PoolPlan.PORT_DEFAULT);
        String first = listening.putIfAbsent(place, pooler);
        if (first != null) {
            complaints.add(
                    document.keyAt(pointer),
                    SchemaCheck.path(pointer) + " listens where pools." + first + " does, on " + place,
                    "give it a 'listen_port' of its own");
        }
    }

    private void sizes(String pointer) {
        JsonNode node = document.tree().at(pointer);
        if (node.has("share") && (node.has("pool_size") || node.has("max_db_connections"))) {
            complaints.add(
                    document.keyAt(pointer + "/share"),
                    SchemaCheck.path(pointer) + " has both a share of the budget and a size of its own",
                    "keep 'share', and its pools are sized; or 'pool_size' and 'max_db_connections'");
        }
        int size = node.path("pool_size").asInt(0);
        int most = node.path("max_db_connections").asInt(Integer.MAX_VALUE);
        if (size > most) {
            complaints.add(
                    document.keyAt(pointer + "/pool_size"),
                    SchemaCheck.path(pointer) + " has pools of " + size + " and no more than " + most
                            + " connections in all",
                    "raise max_db_connections, or lower pool_size");
        }
    }
}
