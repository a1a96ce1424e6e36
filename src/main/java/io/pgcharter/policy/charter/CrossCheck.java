package io.pgcharter.policy.charter;

import io.pgcharter.model.secret.SecretText;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What a schema cannot say: names that must exist elsewhere in the charter, things stated twice, limits of this
/// version. Looks into whatever is there, so it works on trees that break the schema and finds its errors beside it.
final class CrossCheck {
    static final Duration APPROVAL_VALID_MAX = Duration.ofDays(30);

    private static final Set<String> PROVIDERS_BUILT = Set.of("env", "file");

    private final YamlDocument document;
    private final Complaints complaints;

    CrossCheck(YamlDocument document, Complaints complaints) {
        this.document = document;
        this.complaints = complaints;
    }

    void check() {
        Set<String> environments = names("environments");
        Set<String> databases = names("databases");
        for (String environment : environments) {
            references(place("environments", environment, "reaches"), "environment", environments);
            disposable(environment);
        }
        for (String database : databases) {
            reference(place("databases", database, "environment"), "environment", environments);
            providers(place("databases", database, "url"));
        }
        for (String repository : names("repositories")) {
            storage(repository);
            providers(place("repositories", repository, "path"));
            for (String key : List.of("bucket", "endpoint", "access-key", "secret-key")) {
                providers(place("repositories", repository, "s3") + "/" + key);
            }
            providers(place("repositories", repository, "password"));
        }
        providers("/state/url");
        new WatchCheck(document, complaints).check(databases);
        providers("/web/tls/key");
        providers("/web/oidc/client-secret");
        new WebCheck(document, complaints).check();
        for (String database : names("backups")) {
            key("/backups", database, databases);
            references(place("backups", database, "to"), "repository", names("repositories"));
            timezone(place("backups", database, "retention") + "/timezone");
            rules(database);
        }
        for (String database : names("verification")) {
            key("/verification", database, databases);
            withBackup(database, databases);
        }
        for (String database : names("maintenance")) {
            key("/maintenance", database, databases);
            timezone(place("maintenance", database, "timezone"));
        }
        new MaintenanceCheck(document, complaints).check();
        new PoolCheck(document, complaints, this).check(databases);
        new MigrationCheck(document, complaints, this).check(databases);
        new SeedCheck(document, complaints, this).check(environments);
        new RoleCheck(document, complaints, this).check(databases);
        flows(environments);
        new ScheduleCheck(document, complaints).check();
        new AlertCheck(document, complaints, this).check();
    }

    /// One place each: not none, not two.
    private void disposable(String environment) {
        JsonNode node = document.tree().path("environments").path(environment);
        if (node.path("protected").asBoolean(false) && node.path("disposable").asBoolean(false)) {
            complaints.add(
                    document.keyAt(place("environments", environment, "disposable")),
                    SchemaCheck.path(place("environments", environment, "disposable"))
                            + " contradicts that the environment is protected",
                    "keep one of the two");
        }
    }

    private void storage(String repository) {
        JsonNode node = document.tree().path("repositories").path(repository);
        if (node.isObject() && node.has("path") == node.has("s3")) {
            complaints.add(
                    document.keyAt(YamlDocument.child("/repositories", repository)),
                    "repositories." + repository + (node.has("path") ? " has both path and s3" : " says no place"),
                    "write either 'path: …', a directory, or 's3: { bucket: … }'");
        }
    }

    /// A time zone alone keeps nothing.
    private void rules(String database) {
        JsonNode retention = document.tree().at(place("backups", database, "retention"));
        if (retention.isObject() && retention.size() == 1 && retention.has("timezone")) {
            complaints.add(
                    document.keyAt(place("backups", database, "retention")),
                    "backups." + database + ".retention has no rule, so only the newest backup would be kept",
                    "say what is kept, such as 'daily: 7'; or leave retention out, and everything is");
        }
    }

    void timezone(String pointer) {
        String zone = document.tree().at(pointer).asString("");
        if (!zone.isEmpty() && !ZoneId.getAvailableZoneIds().contains(zone)) {
            complaints.add(
                    document.valueAt(pointer),
                    "unknown time zone " + Wording.quoted(zone) + Wording.instead(zone, ZoneId.getAvailableZoneIds()),
                    "write a name of the time zone database, such as Europe/Zagreb or UTC");
        }
    }

    private void withBackup(String database, Set<String> databases) {
        if (databases.contains(database) && !names("backups").contains(database)) {
            complaints.add(
                    document.keyAt(YamlDocument.child("/verification", database)),
                    "verification of " + Wording.quoted(database) + ", which no backup is taken of",
                    "add " + database + " to backups, or remove it here");
        }
    }

    private void flows(Set<String> environments) {
        Map<String, Integer> seen = new HashMap<>();
        JsonNode flows = document.tree().path("flows");
        for (int index = 0; flows.isArray() && index < flows.size(); index++) {
            String pointer = "/flows/" + index;
            reference(pointer + "/from", "environment", environments);
            reference(pointer + "/to", "environment", environments);
            JsonNode rule = flows.get(index).path("rule");
            if (rule.isObject()) {
                reference(pointer + "/rule/role", "role", names("approvers"));
                validity(rule.path("valid"), pointer + "/rule/valid");
            }
            twice(flows.get(index), pointer, seen);
        }
    }

    private void twice(JsonNode flow, String pointer, Map<String, Integer> seen) {
        JsonNode from = flow.path("from");
        JsonNode to = flow.path("to");
        JsonNode what = flow.path("what");
        if (!from.isString() || !to.isString() || !what.isString()) {
            return;
        }
        int line = document.keyAt(pointer).line();
        Integer first =
                seen.putIfAbsent(from.stringValue() + "\n" + to.stringValue() + "\n" + what.stringValue(), line);
        if (first != null) {
            complaints.add(
                    document.keyAt(pointer),
                    "a second flow of " + Wording.quoted(what.stringValue()) + " from "
                            + Wording.quoted(from.stringValue()) + " to " + Wording.quoted(to.stringValue())
                            + ", first in line " + first,
                    "keep the one whose rule you mean");
        }
    }

    private void validity(JsonNode valid, String pointer) {
        if (!valid.isString() || !valid.stringValue().matches("[1-9][0-9]{0,4}[mhd]")) {
            return;
        }
        if (CharterReader.duration(valid.stringValue()).compareTo(APPROVAL_VALID_MAX) > 0) {
            complaints.add(
                    document.valueAt(pointer),
                    "an approval may be valid for at most " + APPROVAL_VALID_MAX.toDays() + " days",
                    "write \"30d\" or less");
        }
    }

    void providers(String pointer) {
        JsonNode text = document.tree().at(pointer);
        if (!text.isString()) {
            return;
        }
        for (SecretText.Reference reference : new SecretText(text.stringValue()).references()) {
            if (Set.of("aws-secret", "vault").contains(reference.provider())
                    && !PROVIDERS_BUILT.contains(reference.provider())) {
                complaints.add(
                        document.valueAt(pointer),
                        SchemaCheck.path(pointer) + " refers to " + reference.provider()
                                + ", which this version of pgcharter cannot look up yet",
                        "have it put into a file or an environment variable, and write ${file:PATH} or ${env:NAME}");
            }
        }
    }

    void references(String pointer, String kind, Set<String> known) {
        JsonNode items = document.tree().at(pointer);
        for (int index = 0; items.isArray() && index < items.size(); index++) {
            reference(pointer + "/" + index, kind, known);
        }
    }

    void reference(String pointer, String kind, Set<String> known) {
        JsonNode name = document.tree().at(pointer);
        if (name.isString() && !known.contains(name.stringValue())) {
            unknown(document.valueAt(pointer), kind, name.stringValue(), known);
        }
    }

    void key(String pointer, String name, Set<String> known) {
        if (!known.contains(name)) {
            unknown(document.keyAt(YamlDocument.child(pointer, name)), "database", name, known);
        }
    }

    void unknown(Position position, String kind, String name, Set<String> known) {
        String section = switch (kind) {
            case "role" -> "approvers";
            case "repository" -> "repositories";
            case "receiver" -> "alerts.receivers";
            default -> kind + "s";
        };
        complaints.add(
                position,
                "unknown " + kind + " " + Wording.quoted(name) + Wording.instead(name, known),
                known.isEmpty()
                        ? "add a section '" + section + "' that names it"
                        : section + " has " + Wording.listed(known));
    }

    private String place(String section, String name, String key) {
        return YamlDocument.child(YamlDocument.child("/" + section, name), key);
    }

    Set<String> names(String section) {
        return new TreeSet<>(document.tree().path(section).propertyNames());
    }
}
