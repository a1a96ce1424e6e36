package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.migration.Layout;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.charter.ReleasePlan.Back;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
                span(node, "lock-timeout").orElse(MigrationPlan.LOCK_TIMEOUT_DEFAULT),
                span(node, "statement-timeout"),
                node.path("attempts").asInt(MigrationPlan.ATTEMPTS_DEFAULT),
                rehearsal(node.path("rehearsal")),
                node.has("release") ? Optional.of(release(node.path("release"), name)) : Optional.empty(),
                line);
    }

    private static RehearsalPlan rehearsal(JsonNode node) {
        return new RehearsalPlan(
                moment(node, "held"),
                moment(node, "time"),
                MaintenanceReader.bytes(node.path("wal")),
                node.has("calls") ? OptionalInt.of(node.path("calls").asInt()) : OptionalInt.empty(),
                node.path("rewrites").asString("allow").equals("allow"),
                node.path("way-back").asString("").equals("required"),
                span(node, "valid-for").orElse(RehearsalPlan.VALID_FOR_DEFAULT));
    }

    private ReleasePlan release(JsonNode node, MigrationsName name) {
        List<String> told = new ArrayList<>();
        node.path("notify").forEach(receiver -> told.add(receiver.stringValue()));
        ZoneId zone = ZoneId.of(node.path("timezone").asString("UTC"));
        return new ReleasePlan(
                node.has("window")
                        ? Optional.of(MaintenanceReader.window(node.path("window"), zone))
                        : Optional.empty(),
                span(node, "backup-within"),
                node.has("repository")
                        ? Optional.of(new RepositoryName(node.path("repository").stringValue()))
                        : Optional.empty(),
                told,
                node.path("health").asString("").equals("unavailable"),
                span(node, "watch").orElse(ReleasePlan.WATCH_DEFAULT),
                Back.valueOf(node.path("back").asString("stop").toUpperCase(Locale.ROOT)),
                document.keyAt(YamlDocument.child("/migrations", name.text()) + "/release")
                        .line());
    }

    private static Optional<Duration> span(JsonNode node, String key) {
        return node.has(key) ? Optional.of(CharterReader.span(node.path(key).stringValue())) : Optional.empty();
    }

    /// As [#span], or in milliseconds: `500ms`.
    private static Optional<Duration> moment(JsonNode node, String key) {
        String text = node.path(key).asString("");
        return text.endsWith("ms")
                ? Optional.of(Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - "ms".length()))))
                : span(node, key);
    }
}
