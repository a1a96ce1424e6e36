package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.policy.charter.MaintenancePlan.Disk;
import io.pgcharter.policy.charter.MaintenancePlan.Plan;
import io.pgcharter.policy.charter.MaintenancePlan.Reindex;
import io.pgcharter.policy.charter.MaintenancePlan.Server;
import io.pgcharter.policy.charter.MaintenancePlan.Statistics;
import io.pgcharter.policy.charter.MaintenancePlan.Vacuum;
import io.pgcharter.policy.charter.MaintenancePlan.Waiting;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Turns the section `maintenance` of a tree without errors into a [MaintenancePlan].
final class MaintenanceReader {
    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    private final YamlDocument document;

    MaintenanceReader(YamlDocument document) {
        this.document = document;
    }

    MaintenancePlan read() {
        Map<DatabaseName, Plan> plans = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry :
                document.tree().path("maintenance").properties()) {
            String pointer = YamlDocument.child("/maintenance", entry.getKey());
            plans.put(new DatabaseName(entry.getKey()), plan(entry.getValue(), pointer));
        }
        return new MaintenancePlan(plans);
    }

    private Plan plan(JsonNode node, String pointer) {
        ZoneId zone = ZoneId.of(node.path("timezone").asString("UTC"));
        List<PartitionPlan> partitions = new ArrayList<>();
        for (JsonNode item : node.path("partitions")) {
            int line =
                    document.keyAt(pointer + "/partitions/" + partitions.size()).line();
            partitions.add(partition(item, zone, line));
        }
        JsonNode vacuum = node.path("vacuum");
        JsonNode reindex = node.path("reindex");
        JsonNode statistics = node.path("statistics");
        return new Plan(
                node.has("window") ? Optional.of(window(node.path("window"), zone)) : Optional.empty(),
                new Vacuum(
                        percent(vacuum.path("dead-rows"), Vacuum.DEFAULT.deadPercent()),
                        vacuum.path("min-rows").asLong(Vacuum.DEFAULT.rowsMin())),
                new Reindex(
                        percent(reindex.path("bloat"), Reindex.DEFAULT.bloatPercent()),
                        bytes(reindex.path("min-size")).orElse(Reindex.DEFAULT.bytesMin())),
                new Statistics(
                        percent(statistics.path("changed"), Statistics.DEFAULT.changedPercent()),
                        statistics.path("min-rows").asLong(Statistics.DEFAULT.rowsMin())),
                partitions,
                new Waiting(
                        duration(node.path("lock-timeout"), Waiting.DEFAULT.lockTimeout()),
                        duration(node.path("patience"), Waiting.DEFAULT.patience()),
                        node.path("attempts").asInt(Waiting.DEFAULT.attempts())),
                server(node.path("server")),
                document.keyAt(pointer).line());
    }

    static MaintenanceWindow window(JsonNode node, ZoneId zone) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (JsonNode day : node.path("days")) {
            days.add(DayOfWeek.of(DAYS.indexOf(day.stringValue()) + 1));
        }
        return new MaintenanceWindow(
                LocalTime.parse(node.path("from").stringValue()),
                LocalTime.parse(node.path("to").stringValue()),
                days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days,
                zone);
    }

    private static PartitionPlan partition(JsonNode node, ZoneId zone, int line) {
        String[] table = node.path("table").stringValue().split("\\.", 2);
        PartitionPlan.Period by =
                PartitionPlan.Period.valueOf(node.path("by").stringValue().toUpperCase(Locale.ROOT));
        return new PartitionPlan(
                table[0],
                table[1],
                by,
                node.path("ahead").asInt(),
                node.has("keep") ? OptionalInt.of(node.path("keep").asInt()) : OptionalInt.empty(),
                node.path("then").asString("detach").equals("detach"),
                node.has("detached-schema")
                        ? Optional.of(node.path("detached-schema").stringValue())
                        : Optional.empty(),
                node.path("name").asString(PartitionPlan.nameDefault(table[1], by)),
                zone,
                line);
    }

    private static Server server(JsonNode node) {
        return new Server(
                bytes(node.path("memory")),
                node.has("cores") ? OptionalInt.of(node.path("cores").asInt()) : OptionalInt.empty(),
                node.has("disk")
                        ? Optional.of(
                                Disk.valueOf(node.path("disk").stringValue().toUpperCase(Locale.ROOT)))
                        : Optional.empty());
    }

    private static int percent(JsonNode node, int otherwise) {
        return node.isString() ? Integer.parseInt(node.stringValue().replace("%", "")) : otherwise;
    }

    private static Duration duration(JsonNode node, Duration otherwise) {
        if (!node.isString()) {
            return otherwise;
        }
        String text = node.stringValue();
        return text.endsWith("s")
                ? Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)))
                : CharterReader.duration(text);
    }

    /// `100MB`, in PostgreSQL's units: powers of 1024.
    static OptionalLong bytes(JsonNode node) {
        if (!node.isString()) {
            return OptionalLong.empty();
        }
        String text = node.stringValue();
        long count = Long.parseLong(text.substring(0, text.length() - 2));
        return OptionalLong.of(
                switch (text.substring(text.length() - 2)) {
                    case "kB" -> count << 10;
                    case "MB" -> count << 20;
                    case "GB" -> count << 30;
                    case "TB" -> count << 40;
                    default -> throw new IllegalStateException("the schema lets '" + text + "' pass as a size");
                });
    }
}
