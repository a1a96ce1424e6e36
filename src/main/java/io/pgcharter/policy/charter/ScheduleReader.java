package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.policy.charter.SchedulePlan.Job;
import io.pgcharter.policy.charter.SchedulePlan.What;
import io.pgcharter.policy.schedule.Blackout;
import io.pgcharter.policy.schedule.Cadence;
import io.pgcharter.policy.schedule.Cadence.Monthday;
import io.pgcharter.policy.schedule.Cadence.Weekday;
import io.pgcharter.policy.schedule.CronExpression;
import io.pgcharter.policy.schedule.Rhythm;
import io.pgcharter.policy.schedule.Window;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Reads section `schedule` of a tree that holds no error any more.
final class ScheduleReader {
    /// The word for every target there is.
    static final String ALL = "all";

    private final YamlDocument document;
    private final JsonNode schedule;

    ScheduleReader(YamlDocument document) {
        this.document = document;
        this.schedule = document.tree().path("schedule");
    }

    SchedulePlan read() {
        if (schedule.isMissingNode()) {
            return SchedulePlan.NONE;
        }
        ZoneId zone = ZoneId.of(schedule.path("zone").asString("UTC"));
        List<Blackout> blackouts = blackouts(schedule.path("blackout"));
        Map<String, Job> jobs = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : schedule.path("jobs").properties()) {
            JsonNode node = entry.getValue();
            jobs.put(
                    entry.getKey(),
                    new Job(
                            entry.getKey(),
                            what(node),
                            rhythm(node, zone, blackouts),
                            node.path("enabled").asBoolean(!crosses(document.tree(), node)),
                            node.has("as")
                                    ? Optional.of(
                                            new EnvironmentName(node.path("as").asString()))
                                    : Optional.empty(),
                            texts(node.path("confirm")),
                            document.keyAt(YamlDocument.child("/schedule/jobs", entry.getKey()))
                                    .line()));
        }
        return new SchedulePlan(schedule.path("workers").asInt(SchedulePlan.WORKERS_DEFAULT), jobs);
    }

    /// Whether the job moves data from one environment to another.
    static boolean crosses(JsonNode tree, JsonNode job) {
        JsonNode databases = tree.path("databases");
        JsonNode copy = job.path("copy");
        return copy.isObject()
                && !databases
                        .path(copy.path("from").asString(""))
                        .path("environment")
                        .equals(databases.path(copy.path("to").asString("")).path("environment"));
    }

    /// When the job is due.
    ///
    /// @throws IllegalArgumentException saying what is wrong with its cron expression
    static Cadence cadence(JsonNode job) {
        if (job.has("daily")) {
            return new Cadence.Daily(
                    texts(job.path("daily")).stream().map(LocalTime::parse).toList());
        }
        if (job.has("weekly")) {
            return new Cadence.Weekly(texts(job.path("weekly")).stream()
                    .map(text -> new Weekday(day(text.substring(0, 3)), LocalTime.parse(text.substring(4))))
                    .toList());
        }
        if (job.has("monthly")) {
            return new Cadence.Monthly(texts(job.path("monthly")).stream()
                    .map(ScheduleReader::monthday)
                    .toList());
        }
        return job.has("cron")
                ? new Cadence.Cron(CronExpression.parse(job.path("cron").asString()))
                : new Cadence.Every(CharterReader.duration(job.path("every").asString()));
    }

    private static Monthday monthday(String text) {
        int blank = text.indexOf(' ');
        String day = text.substring(0, blank);
        return new Monthday(
                day.equals("last") ? Monthday.LAST : Integer.parseInt(day), LocalTime.parse(text.substring(blank + 1)));
    }

    private static DayOfWeek day(String abbreviated) {
        return Arrays.stream(DayOfWeek.values())
                .filter(day -> day.name().startsWith(abbreviated.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow();
    }

    private static Rhythm rhythm(JsonNode job, ZoneId zone, List<Blackout> blackouts) {
        return new Rhythm(
                cadence(job),
                job.has("zone") ? ZoneId.of(job.path("zone").asString()) : zone,
                job.has("jitter") ? CharterReader.duration(job.path("jitter").asString()) : Duration.ZERO,
                job.has("window") ? Optional.of(window(job.path("window"))) : Optional.empty(),
                job.path("blackout").asString("heed").equals("heed") ? blackouts : List.of(),
                job.path("missed").asString("catch-up").equals("catch-up"));
    }

    private static Window window(JsonNode node) {
        Set<DayOfWeek> days = node.has("days")
                ? texts(node.path("days")).stream().map(ScheduleReader::day).collect(Collectors.toSet())
                : Window.allDays();
        return new Window(
                LocalTime.parse(node.path("from").asString()),
                LocalTime.parse(node.path("to").asString()),
                days);
    }

    private static List<Blackout> blackouts(JsonNode list) {
        List<Blackout> blackouts = new ArrayList<>();
        for (JsonNode node : list) {
            if (node.isObject()) {
                blackouts.add(new Blackout(
                        LocalDate.parse(node.path("from").asString()),
                        LocalDate.parse(node.path("to").asString()),
                        Optional.ofNullable(
                                node.has("because") ? node.path("because").asString() : null)));
            } else {
                LocalDate date = LocalDate.parse(node.asString());
                blackouts.add(new Blackout(date, date, Optional.empty()));
            }
        }
        return List.copyOf(blackouts);
    }

    private What what(JsonNode job) {
        if (job.has("backup")) {
            return new What.Backup(databases(job.path("backup"), "backups", _ -> true));
        }
        if (job.has("verify")) {
            return new What.Verify(databases(job.path("verify"), "backups", _ -> true));
        }
        if (job.has("retention")) {
            return new What.Retention(databases(job.path("retention"), "backups", plan -> plan.has("retention")));
        }
        if (job.has("prune")) {
            return new What.Prune(repositories(
                    job.path("prune"), place -> !place.path("append-only").asBoolean(false)));
        }
        if (job.has("check")) {
            JsonNode percent = job.path("read-percent");
            return new What.Check(
                    repositories(job.path("check"), _ -> true),
                    percent.isIntegralNumber() ? OptionalInt.of(percent.asInt()) : OptionalInt.empty());
        }
        if (job.has("copy-repository")) {
            JsonNode copy = job.path("copy-repository");
            return new What.CopyRepository(
                    new RepositoryName(copy.path("from").asString()),
                    new RepositoryName(copy.path("to").asString()));
        }
        if (job.has("copy")) {
            JsonNode copy = job.path("copy");
            return new What.Copy(
                    new DatabaseName(copy.path("from").asString()),
                    new DatabaseName(copy.path("to").asString()),
                    copy.path("replace").asBoolean(false));
        }
        JsonNode maintain = job.path("maintain");
        return new What.Maintain(
                databases(maintain.path("database"), "databases", _ -> true),
                Operation.Maintain.Task.valueOf(maintain.path("task").asString().toUpperCase(Locale.ROOT)));
    }

    private List<DatabaseName> databases(JsonNode targets, String section, Predicate<JsonNode> wanted) {
        return targets(targets, section, wanted).stream().map(DatabaseName::new).toList();
    }

    private List<RepositoryName> repositories(JsonNode targets, Predicate<JsonNode> wanted) {
        return targets(targets, "repositories", wanted).stream()
                .map(RepositoryName::new)
                .toList();
    }

    /// Those named; for `all`, those entries of the section that are wanted.
    private List<String> targets(JsonNode targets, String section, Predicate<JsonNode> wanted) {
        if (targets.isString() && targets.stringValue().equals(ALL)) {
            return document.tree().path(section).properties().stream()
                    .filter(entry -> wanted.test(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .toList();
        }
        return texts(targets);
    }

    /// One text, or a list of them.
    private static List<String> texts(JsonNode node) {
        if (node.isString()) {
            return List.of(node.stringValue());
        }
        List<String> texts = new ArrayList<>();
        node.forEach(item -> texts.add(item.asString()));
        return List.copyOf(texts);
    }
}
