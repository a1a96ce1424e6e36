package io.pgcharter.policy.charter;

import io.pgcharter.policy.schedule.Cadence;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// What a schema cannot say of section `schedule`: one thing to do and one time for each job, names that must exist,
/// jobs that could never be carried out. Works on trees that break the schema.
final class ScheduleCheck {
    private static final List<String> WHAT =
            List.of("backup", "verify", "retention", "prune", "check", "copy-repository", "copy", "maintain");
    private static final List<String> WHEN = List.of("daily", "weekly", "monthly", "cron", "every");

    /// So many instants are looked at for the shortest pause between two.
    private static final int INSTANTS = 100;

    private final YamlDocument document;
    private final Complaints complaints;
    private final JsonNode tree;

    ScheduleCheck(YamlDocument document, Complaints complaints) {
        this.document = document;
        this.complaints = complaints;
        this.tree = document.tree();
    }

    void check() {
        zone("/schedule/zone");
        blackouts();
        for (Map.Entry<String, JsonNode> entry :
                tree.path("schedule").path("jobs").properties()) {
            String pointer = YamlDocument.child("/schedule/jobs", entry.getKey());
            JsonNode job = entry.getValue();
            if (job.isObject()) {
                zone(pointer + "/zone");
                reference(pointer + "/as", "environment", names("environments"));
                what(job, pointer);
                when(job, pointer);
            }
        }
    }

    private void zone(String pointer) {
        String zone = tree.at(pointer).asString("");
        if (!zone.isEmpty() && !ZoneId.getAvailableZoneIds().contains(zone)) {
            complaints.add(
                    document.valueAt(pointer),
                    "unknown time zone " + Wording.quoted(zone) + Wording.instead(zone, ZoneId.getAvailableZoneIds()),
                    "write a name of the time zone database, such as Europe/Zagreb or UTC");
        }
    }

    private void blackouts() {
        JsonNode list = tree.path("schedule").path("blackout");
        for (int index = 0; index < list.size(); index++) {
            String pointer = "/schedule/blackout/" + index;
            JsonNode item = list.get(index);
            if (item.isObject()) {
                Optional<LocalDate> from = date(pointer + "/from");
                Optional<LocalDate> to = date(pointer + "/to");
                if (from.isPresent() && to.isPresent() && to.get().isBefore(from.get())) {
                    complaints.add(
                            document.valueAt(pointer + "/to"),
                            SchemaCheck.path(pointer) + " ends before it begins",
                            "write the first day as from and the last as to");
                }
            } else {
                Optional<LocalDate> unused = date(pointer);
            }
        }
    }

    private Optional<LocalDate> date(String pointer) {
        String text = tree.at(pointer).asString("");
        if (!text.matches("[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException noSuchDay) {
            complaints.add(document.valueAt(pointer), "there is no day " + text, "write a day that there is");
            return Optional.empty();
        }
    }

    private void what(JsonNode job, String pointer) {
        one(job, pointer, WHAT, "what to do");
        Set<String> databases = names("databases");
        Set<String> repositories = names("repositories");
        for (String verb : List.of("backup", "verify")) {
            targets(pointer + "/" + verb, databases, "database");
            planned(pointer + "/" + verb, "backup plan", _ -> true);
        }
        targets(pointer + "/retention", databases, "database");
        planned(pointer + "/retention", "retention", plan -> plan.has("retention"));
        for (String verb : List.of("prune", "check")) {
            targets(pointer + "/" + verb, repositories, "repository");
        }
        appendOnly(pointer + "/prune");
        for (String end : List.of("from", "to")) {
            reference(pointer + "/copy-repository/" + end, "repository", repositories);
            reference(pointer + "/copy/" + end, "database", databases);
        }
        confirmed(job, pointer);
        targets(pointer + "/maintain/database", databases, "database");
        if (job.has("read-percent") && !job.has("check")) {
            complaints.add(
                    document.keyAt(pointer + "/read-percent"),
                    SchemaCheck.path(pointer) + " has the key \"read-percent\" and checks nothing",
                    "write it beside check: REPOSITORY");
        }
        actsFrom(job, pointer);
    }

    private void one(JsonNode job, String pointer, List<String> keys, String question) {
        List<String> found = keys.stream().filter(job::has).toList();
        if (found.size() != 1) {
            complaints.add(
                    document.keyAt(pointer),
                    SchemaCheck.path(pointer)
                            + (found.isEmpty() ? " does not say " + question : " says more than once " + question)
                            + (found.isEmpty() ? "" : ": " + String.join(", ", found)),
                    found.isEmpty()
                            ? "write one of " + String.join(", ", keys)
                            : "keep one of them, and write another job for the other");
        }
    }

    /// What is replaced must be confirmed, and nobody is there to be asked.
    private void confirmed(JsonNode job, String pointer) {
        JsonNode copy = job.path("copy");
        String target = copy.path("to").asString("");
        boolean enabled = job.path("enabled").asBoolean(!ScheduleReader.crosses(tree, job));
        if (!enabled || !copy.path("replace").asBoolean(false) || target.isEmpty()) {
            return;
        }
        JsonNode confirm = job.path("confirm");
        boolean confirms = confirm.asString("").equals(target)
                || confirm.valueStream().anyMatch(name -> name.asString("").equals(target));
        if (!confirms) {
            complaints.add(
                    document.keyAt(pointer + "/copy"),
                    SchemaCheck.path(pointer) + " replaces " + Wording.quoted(target) + " and nobody confirms it",
                    "write 'confirm: " + target + "': nobody is asked when the time comes");
        }
    }

    /// Who acts on a repository acts from nowhere in particular.
    private void actsFrom(JsonNode job, String pointer) {
        boolean limited = tree.path("environments").valueStream().anyMatch(environment -> environment.has("reaches"));
        boolean onRepository = List.of("retention", "prune", "check", "copy-repository").stream()
                .anyMatch(job::has);
        if (limited && onRepository && !job.has("as")) {
            complaints.add(
                    document.keyAt(pointer),
                    SchemaCheck.path(pointer) + " does not say from which environment it acts",
                    "add 'as: ENVIRONMENT', one that reaches all that is backed up there: environments of this charter"
                            + " say what they reach");
        }
    }

    private void appendOnly(String pointer) {
        each(pointer, (at, name) -> {
            if (tree.path("repositories").path(name).path("append-only").asBoolean(false)) {
                complaints.add(
                        document.valueAt(at),
                        "repository " + Wording.quoted(name) + " is append-only, so there is nothing to prune",
                        "take it out here, or take append-only out there");
            }
        });
    }

    private void planned(String pointer, String thing, Predicate<JsonNode> wanted) {
        each(pointer, (at, name) -> {
            JsonNode plan = tree.path("backups").path(name);
            if (tree.path("databases").has(name) && (plan.isMissingNode() || !wanted.test(plan))) {
                complaints.add(
                        document.valueAt(at),
                        "database " + Wording.quoted(name) + " has no " + thing,
                        "add it under backups." + name + ", or take it out here");
            }
        });
    }

    private void targets(String pointer, Set<String> known, String kind) {
        each(pointer, (at, name) -> reference(at, kind, known));
    }

    @FunctionalInterface
    private interface Named {
        void take(String pointer, String name);
    }

    private void each(String pointer, Named named) {
        JsonNode node = tree.at(pointer);
        if (node.isString() && !node.stringValue().equals(ScheduleReader.ALL)) {
            named.take(pointer, node.stringValue());
        }
        for (int index = 0; node.isArray() && index < node.size(); index++) {
            named.take(pointer + "/" + index, node.get(index).asString(""));
        }
    }

    private void when(JsonNode job, String pointer) {
        one(job, pointer, WHEN, "when");
        String cron = job.path("cron").asString("");
        Optional<Cadence> cadence;
        try {
            cadence = Optional.of(ScheduleReader.cadence(job));
        } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException unreadable) {
            // Of the others the schema says what is wrong.
            if (!cron.isBlank()) {
                complaints.add(
                        document.valueAt(pointer + "/cron"),
                        SchemaCheck.path(pointer + "/cron") + " cannot be read, or never comes",
                        "write five fields: minute hour day-of-month month day-of-week, such as \"30 2 * * 1-5\"");
            }
            return;
        }
        jitter(cadence.get(), job.path("jitter").asString(""), pointer);
    }

    private void jitter(Cadence cadence, String jitter, String pointer) {
        if (!jitter.matches("[1-9][0-9]{0,4}[mhd]")) {
            return;
        }
        Duration shortest = Duration.ofDays(1);
        Instant last = Instant.parse("2026-01-01T00:00:00Z");
        for (int count = 0; count < INSTANTS; count++) {
            Instant next = cadence.next(last, ZoneOffset.UTC).orElse(last.plus(shortest));
            shortest = count > 0 && Duration.between(last, next).compareTo(shortest) < 0
                    ? Duration.between(last, next)
                    : shortest;
            last = next;
        }
        if (CharterReader.duration(jitter).compareTo(shortest) >= 0) {
            complaints.add(
                    document.valueAt(pointer + "/jitter"),
                    SchemaCheck.path(pointer + "/jitter") + " is not shorter than the pause between two times",
                    "write less than " + shortest.toMinutes() + "m");
        }
    }

    private void reference(String pointer, String kind, Collection<String> known) {
        JsonNode name = tree.at(pointer);
        if (name.isString() && !known.contains(name.stringValue())) {
            String section = kind.equals("repository") ? "repositories" : kind + "s";
            complaints.add(
                    document.valueAt(pointer),
                    "unknown " + kind + " " + Wording.quoted(name.stringValue())
                            + Wording.instead(name.stringValue(), known),
                    known.isEmpty()
                            ? "add a section '" + section + "' that names it"
                            : section + " has " + Wording.listed(known));
        }
    }

    private Set<String> names(String section) {
        return new TreeSet<>(tree.path(section).propertyNames());
    }
}
