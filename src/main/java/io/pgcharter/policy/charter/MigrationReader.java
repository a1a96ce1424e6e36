package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.policy.charter.MigrationPlan.Layout;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// Turns the section `migrations` of a tree without errors into a [MigrationPlan].
final class MigrationReader {
    private final YamlDocument document;
    private final UnaryOperator<String> absolute;

    /// @param absolute makes a path of the charter absolute
    MigrationReader(YamlDocument document, UnaryOperator<String> absolute) {
        this.document = document;
        this.absolute = absolute;
    }

    MigrationPlan read() {
        Map<MigrationsName, Migrations> all = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry :
                document.tree().path("migrations").properties()) {
            int line = document.keyAt(YamlDocument.child("/migrations", entry.getKey()))
                    .line();
            MigrationsName name = new MigrationsName(entry.getKey());
            all.put(name, migrations(name, entry.getValue(), line));
        }
        return new MigrationPlan(all);
    }

    private Migrations migrations(MigrationsName name, JsonNode node, int line) {
        List<DatabaseName> databases = new ArrayList<>();
        node.path("databases").forEach(database -> databases.add(new DatabaseName(database.stringValue())));
        return new Migrations(
                name,
                Layout.valueOf(node.path("layout").stringValue().toUpperCase(Locale.ROOT)),
                absolute.apply(node.path("path").stringValue()),
                databases,
                node.path("schema").asString(MigrationPlan.SCHEMA_DEFAULT),
                node.has("lock-timeout")
                        ? CharterReader.span(node.path("lock-timeout").stringValue())
                        : MigrationPlan.LOCK_TIMEOUT_DEFAULT,
                node.has("statement-timeout")
                        ? Optional.of(CharterReader.span(
                                node.path("statement-timeout").stringValue()))
                        : Optional.empty(),
                node.path("attempts").asInt(MigrationPlan.ATTEMPTS_DEFAULT),
                line);
    }
}
