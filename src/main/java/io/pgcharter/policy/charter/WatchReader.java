package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards;
import io.pgcharter.policy.check.Standards.Adjustment;
import io.pgcharter.policy.check.Waiver;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/// Reads the section `watch` of a tree that holds no error any more.
final class WatchReader {
    private final YamlDocument document;

    WatchReader(YamlDocument document) {
        this.document = document;
    }

    /// @param maintenance what is looked after there is watched too
    WatchPlan read(MaintenancePlan maintenance) {
        JsonNode watch = document.tree().path("watch");
        Map<String, Adjustment> adjustments = new LinkedHashMap<>();
        watch.path("checks").forEachEntry((check, node) -> adjustments.put(check, adjustment(node)));
        Map<DatabaseName, Declared> declarations = new LinkedHashMap<>();
        watch.path("databases").forEachEntry((name, node) -> declarations.put(new DatabaseName(name), declared(node)));
        maintenance.plans().forEach((database, plan) -> {
            if (!plan.partitions().isEmpty()) {
                declarations.merge(
                        database, Declared.NOTHING.with(ahead(plan)), (declared, _) -> declared.with(ahead(plan)));
            }
        });
        List<Waiver> waivers = new ArrayList<>();
        for (JsonNode node : watch.path("waivers")) {
            waivers.add(waiver(
                    node, document.keyAt("/watch/waivers/" + waivers.size()).line()));
        }
        return new WatchPlan(
                optional(watch, "every").map(WatchReader::shortTime).orElse(WatchPlan.EVERY_DEFAULT),
                optional(watch, "check-every").map(WatchReader::shortTime).orElse(WatchPlan.CHECK_EVERY_DEFAULT),
                optional(watch, "statements-every")
                        .map(WatchReader::shortTime)
                        .orElse(WatchPlan.STATEMENTS_EVERY_DEFAULT),
                optional(watch, "slow-query").map(WatchReader::shortTime).orElse(WatchPlan.SLOW_QUERY_DEFAULT),
                new Standards(adjustments, waivers, stands(watch)),
                declarations);
    }

    /// Long enough that what a counter warns of is told.
    private Duration stands(JsonNode watch) {
        Optional<String> after = optional(document.tree().path("alerts").path("after"), "warn");
        Duration told = after.map(CharterReader::span).orElse(Duration.ZERO).multipliedBy(2);
        Duration otherwise = told.compareTo(Standards.STANDS_DEFAULT) > 0 ? told : Standards.STANDS_DEFAULT;
        return optional(watch, "stands").map(CharterReader::span).orElse(otherwise);
    }

    /// `500ms`, `15s` or `2m`.
    private static Duration shortTime(String text) {
        long count = Long.parseLong(text.replaceAll("[a-z]", ""));
        return switch (text.replaceAll("[0-9]", "")) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> throw new IllegalStateException("the schema lets '" + text + "' pass as a time");
        };
    }

    private static Adjustment adjustment(JsonNode node) {
        return new Adjustment(node.path("enabled").asBoolean(true), number(node, "warn"), number(node, "crit"));
    }

    private static OptionalDouble number(JsonNode node, String key) {
        return node.has(key) ? OptionalDouble.of((double) node.path(key).asLong()) : OptionalDouble.empty();
    }

    private static Declared declared(JsonNode node) {
        List<String> standbys = new ArrayList<>();
        node.path("standbys").forEach(name -> standbys.add(name.stringValue()));
        Map<String, String> settings = new LinkedHashMap<>();
        node.path("settings").forEachEntry((name, value) -> settings.put(name, value.stringValue()));
        return new Declared(standbys, settings, node.path("quiet").asBoolean(false), List.of());
    }

    private static List<Declared.Ahead> ahead(MaintenancePlan.Plan plan) {
        return plan.partitions().stream()
                .map(table -> new Declared.Ahead(
                        table.schema(),
                        table.table(),
                        table.by().name().toLowerCase(Locale.ROOT),
                        table.ahead(),
                        table.zone().getId()))
                .toList();
    }

    private static Waiver waiver(JsonNode node, int line) {
        return new Waiver(
                node.path("check").stringValue(),
                optional(node, "subject"),
                optional(node, "key"),
                node.path("because").stringValue(),
                LocalDate.parse(node.path("until").stringValue()),
                line);
    }

    private static Optional<String> optional(JsonNode node, String key) {
        return node.has(key) ? Optional.of(node.path(key).stringValue()) : Optional.empty();
    }
}
