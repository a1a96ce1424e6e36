package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.policy.charter.Charter.BackupPlan;
import io.pgcharter.policy.charter.Charter.Database;
import io.pgcharter.policy.charter.Charter.Environment;
import io.pgcharter.policy.charter.Charter.Flow;
import io.pgcharter.policy.charter.Charter.RepositoryPlace;
import io.pgcharter.policy.charter.Charter.Retention;
import io.pgcharter.policy.charter.Charter.Rule;
import io.pgcharter.policy.charter.Charter.StatePlace;
import io.pgcharter.policy.charter.Charter.VerificationPlan;
import io.pgcharter.policy.charter.Charter.What;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Turns a tree that holds no error any more into a [Charter]. What is missing gets the default the schema states.
final class CharterReader {
    private static final String VALID_DEFAULT = "24h";

    private final YamlDocument document;
    private final String file;
    private final Path directory;

    /// @param directory what relative paths are relative to
    CharterReader(YamlDocument document, String file, Path directory) {
        this.document = document;
        this.file = file;
        this.directory = directory.toAbsolutePath().normalize();
    }

    Charter read() {
        JsonNode state = document.tree().path("state");
        return new Charter(
                file,
                section("environments", EnvironmentName::new, this::environment),
                section("databases", DatabaseName::new, this::database),
                section("repositories", RepositoryName::new, this::repository),
                section("backups", DatabaseName::new, this::backup),
                section("verification", DatabaseName::new, this::verification),
                flows(),
                approvers(),
                new StatePlace(
                        optional(state, "url").map(SecretText::new),
                        optional(state, "directory").map(this::absolute)),
                serving(),
                new Shaping(
                        new MigrationReader(document, this::absolute).read(),
                        new LintReader(document).read(),
                        new SeedReader(document, this::absolute).read(),
                        new RoleReader(document).classification(),
                        new RoleReader(document).roles()),
                sectionLines());
    }

    private Serving serving() {
        MaintenancePlan maintenance = new MaintenanceReader(document).read();
        return new Serving(
                new ScheduleReader(document).read(),
                new WatchReader(document).read(maintenance),
                maintenance,
                new AlertReader(document, this::absolute).read(),
                new WebReader(this::absolute).read(document.tree().path("web")),
                new PoolReader(document).read());
    }

    /// `30s`, `5m`, `4h` or `1d`.
    static Duration span(String text) {
        return text.endsWith("s")
                ? Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)))
                : duration(text);
    }

    /// `30m`, `24h` or `7d`.
    static Duration duration(String text) {
        long count = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            case 'd' -> Duration.ofDays(count);
            default -> throw new IllegalArgumentException("not a duration: '" + text + "'");
        };
    }

    private <N, V> Map<N, V> section(String section, Function<String, N> name, Reading<N, V> reading) {
        Map<N, V> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : document.tree().path(section).properties()) {
            int line = document.keyAt(YamlDocument.child("/" + section, entry.getKey()))
                    .line();
            N key = name.apply(entry.getKey());
            entries.put(key, reading.read(key, entry.getValue(), line));
        }
        return entries;
    }

    private Environment environment(EnvironmentName name, JsonNode node, int line) {
        Optional<Set<EnvironmentName>> reaches = node.has("reaches")
                ? Optional.of(new LinkedHashSet<>(texts(node.path("reaches")).stream()
                        .map(EnvironmentName::new)
                        .toList()))
                : Optional.empty();
        return new Environment(
                name,
                node.path("protected").asBoolean(false),
                node.path("disposable").asBoolean(false),
                reaches,
                line);
    }

    private Database database(DatabaseName name, JsonNode node, int line) {
        return new Database(
                name, new EnvironmentName(text(node, "environment")), new SecretText(text(node, "url")), line);
    }

    private RepositoryPlace repository(RepositoryName name, JsonNode node, int line) {
        StoragePlace storage = node.has("s3")
                ? bucket(node.path("s3"))
                : new StoragePlace.Directory(new SecretText(absolute(text(node, "path"))));
        return new RepositoryPlace(
                name,
                storage,
                new SecretText(text(node, "password")),
                node.path("append-only").asBoolean(false),
                line);
    }

    private static StoragePlace bucket(JsonNode node) {
        Optional<StoragePlace.Credentials> credentials = node.has("access-key")
                ? Optional.of(new StoragePlace.Credentials(
                        new SecretText(text(node, "access-key")), new SecretText(text(node, "secret-key"))))
                : Optional.empty();
        JsonNode lock = node.path("object-lock");
        return new StoragePlace.Bucket(
                new SecretText(text(node, "bucket")),
                optional(node, "prefix").orElse(""),
                optional(node, "endpoint").map(SecretText::new),
                optional(node, "region"),
                node.path("path-style").asBoolean(node.has("endpoint")),
                credentials,
                new StoragePlace.Writing(
                        optional(node, "storage-class"),
                        optional(node, "encryption"),
                        optional(node, "kms-key"),
                        lock.isObject()
                                ? Optional.of(new StoragePlace.ObjectLock(
                                        text(lock, "mode").equals("compliance"),
                                        lock.path("days").asInt()))
                                : Optional.empty()));
    }

    private BackupPlan backup(DatabaseName database, JsonNode node, int line) {
        List<RepositoryName> to =
                texts(node.path("to")).stream().map(RepositoryName::new).toList();
        Optional<Retention> retention = node.has("retention")
                ? Optional.of(retention(
                        node.path("retention"),
                        document.keyAt(YamlDocument.child("/backups", database.text()) + "/retention")
                                .line()))
                : Optional.empty();
        return new BackupPlan(database, to, node.path("jobs").asInt(Charter.JOBS_DEFAULT), retention, line);
    }

    private static Retention retention(JsonNode node, int line) {
        return new Retention(
                node.path("last").asInt(0),
                node.path("daily").asInt(0),
                node.path("weekly").asInt(0),
                node.path("monthly").asInt(0),
                node.path("yearly").asInt(0),
                optional(node, "within").map(CharterReader::duration).orElse(Duration.ZERO),
                optional(node, "min-age").map(CharterReader::duration).orElse(Duration.ZERO),
                node.path("at-least").asInt(1),
                ZoneId.of(optional(node, "timezone").orElse("UTC")),
                line);
    }

    private VerificationPlan verification(DatabaseName database, JsonNode node, int line) {
        return new VerificationPlan(database, texts(node.path("smoke")), line);
    }

    private List<Flow> flows() {
        List<Flow> flows = new ArrayList<>();
        for (JsonNode node : document.tree().path("flows")) {
            flows.add(new Flow(
                    new EnvironmentName(text(node, "from")),
                    new EnvironmentName(text(node, "to")),
                    what(text(node, "what")),
                    rule(node.path("rule")),
                    optional(node, "because"),
                    document.keyAt("/flows/" + flows.size()).line()));
        }
        return flows;
    }

    private static What what(String word) {
        return switch (word) {
            case "data" -> What.DATA;
            case "schema" -> What.SCHEMA;
            case "masked-data" -> What.MASKED_DATA;
            case "migration" -> What.MIGRATION;
            default -> throw new IllegalStateException("the schema lets '" + word + "' pass as what travels");
        };
    }

    private static Rule rule(JsonNode node) {
        if (node.isObject()) {
            String valid = optional(node, "valid").orElse(VALID_DEFAULT);
            return new Rule.Approvals(node.path("approvals").asInt(), text(node, "role"), duration(valid));
        }
        return switch (node.stringValue()) {
            case "allow" -> new Rule.Allow();
            case "confirm" -> new Rule.Confirm();
            case "deny" -> new Rule.Deny();
            default -> throw new IllegalStateException("the schema lets an unknown rule pass");
        };
    }

    private Map<String, Set<String>> approvers() {
        Map<String, Set<String>> approvers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> role :
                document.tree().path("approvers").properties()) {
            approvers.put(role.getKey(), new LinkedHashSet<>(texts(role.getValue())));
        }
        return approvers;
    }

    private Map<String, Integer> sectionLines() {
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (String section : document.tree().propertyNames()) {
            lines.put(section, document.keyAt("/" + section).line());
        }
        return lines;
    }

    /// A path that begins with a reference is left alone: what the reference stands for is not known here.
    private String absolute(String path) {
        return path.startsWith("${") || path.startsWith("/")
                ? path
                : directory.resolve(path).normalize().toString();
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).stringValue();
    }

    private static Optional<String> optional(JsonNode node, String key) {
        return node.has(key) ? Optional.of(text(node, key)) : Optional.empty();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : array) {
            texts.add(item.stringValue());
        }
        return List.copyOf(texts);
    }

    /// Reads one entry of a section.
    @FunctionalInterface
    private interface Reading<N, V> {
        V read(N name, JsonNode node, int line);
    }
}
