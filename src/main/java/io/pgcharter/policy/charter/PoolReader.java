package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.PoolerName;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.policy.charter.PoolPlan.Limits;
import io.pgcharter.policy.charter.PoolPlan.Listening;
import io.pgcharter.policy.charter.PoolPlan.Mode;
import io.pgcharter.policy.charter.PoolPlan.Pooler;
import io.pgcharter.policy.charter.PoolPlan.Served;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// Turns the section `pools` of a tree without errors into a [PoolPlan].
final class PoolReader {
    private final YamlDocument document;

    PoolReader(YamlDocument document) {
        this.document = document;
    }

    PoolPlan read() {
        Map<PoolerName, Pooler> poolers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : document.tree().path("pools").properties()) {
            int line =
                    document.keyAt(YamlDocument.child("/pools", entry.getKey())).line();
            PoolerName name = new PoolerName(entry.getKey());
            poolers.put(name, pooler(name, entry.getValue(), line));
        }
        return new PoolPlan(poolers);
    }

    private static Pooler pooler(PoolerName name, JsonNode node, int line) {
        Map<DatabaseName, Served> databases = new LinkedHashMap<>();
        node.path("databases")
                .properties()
                .forEach(entry -> databases.put(new DatabaseName(entry.getKey()), served(entry.getValue())));
        return new Pooler(
                name,
                new Listening(
                        node.path("listen_addr").asString(PoolPlan.LISTEN_DEFAULT),
                        node.path("listen_port").asInt(PoolPlan.PORT_DEFAULT)),
                Mode.valueOf(node.path("pool_mode").asString("session").toUpperCase(Locale.ROOT)),
                number(node, "budget"),
                databases,
                new Limits(
                        number(node, "max_client_conn"),
                        node.path("min_pool_size").asInt(Limits.DEFAULT.poolMin()),
                        node.path("reserve_pool_size").asInt(Limits.DEFAULT.reserve())),
                node.path("auth_file").asString(PoolPlan.AUTH_FILE_DEFAULT),
                node.has("admin")
                        ? Optional.of(new SecretText(node.path("admin").stringValue()))
                        : Optional.empty(),
                line);
    }

    private static Served served(JsonNode node) {
        List<String> users = new ArrayList<>();
        node.path("users").forEach(user -> users.add(user.stringValue()));
        return new Served(
                node.path("share").asInt(Served.SHARE_DEFAULT),
                number(node, "pool_size"),
                number(node, "max_db_connections"),
                users);
    }

    private static OptionalInt number(JsonNode node, String key) {
        return node.has(key) ? OptionalInt.of(node.path(key).asInt()) : OptionalInt.empty();
    }
}
