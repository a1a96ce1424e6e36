package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.ApprovalInbox;
import io.pgcharter.engine.engine.RunRow;
import io.pgcharter.engine.schedule.ScheduleReading;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.OperationText;
import io.pgcharter.entry.corridor.Readings;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.platform.inventory.Inventory;
import io.pgcharter.platform.metrics.Exposition;
import io.pgcharter.platform.metrics.Metric;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.policy.charter.Charter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What programs read. Nothing of this changes anything, or asks a database that is looked after.
final class ReadingRoutes {
    /// Probes of load balancers give up soon.
    private static final Duration PROBE_WAIT = Duration.ofSeconds(1);

    private static final int COUNT_DEFAULT = 50;
    private static final int COUNT_MAX = 1000;
    private static final int HOURS_DEFAULT = 24;

    /// Of the two years that are kept.
    private static final int HOURS_MAX = 17_520;
    private static final int POINTS_DEFAULT = 240;
    private static final int VERDICTS_DEFAULT = 1000;
    private static final int VERDICTS_MAX = 10_000;

    private final Corridor corridor;
    private final Estate estate;
    private final ReleaseSigns signs;

    ReadingRoutes(Corridor corridor, Estate estate) {
        this.corridor = corridor;
        this.estate = estate;
        this.signs = new ReleaseSigns(name -> corridor.readings().releases().isClosed(name), PROBE_WAIT);
    }

    /// `GET /api/v1/me`
    Answer me(Request request) {
        return Answer.json(Map.of(
                "person", request.visitor().person(), "role", request.visitor().role()));
    }

    /// `GET /api/v1/charter`: environments, databases, repositories, backups, flows; no URL, no reference to a secret.
    Answer charter(Request request) {
        Charter charter = corridor.charter();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("file", charter.file());
        document.put("environments", charter.environments().values());
        document.put(
                "databases",
                charter.databases().values().stream()
                        .map(database -> Map.of("name", database.name(), "environment", database.environment()))
                        .toList());
        document.put(
                "repositories",
                charter.repositories().values().stream()
                        .map(place -> Map.of("name", place.name(), "isAppendOnly", place.isAppendOnly()))
                        .toList());
        document.put("backups", charter.backups().values());
        document.put("flows", charter.flows().stream().map(ReadingRoutes::flow).toList());
        document.put("approvers", charter.approvers());
        return Answer.json(document);
    }

    private static Map<String, Object> flow(Charter.Flow flow) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("from", flow.from());
        document.put("to", flow.to());
        document.put("what", flow.what().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        switch (flow.rule()) {
            case Charter.Rule.Allow() -> document.put("rule", "allow");
            case Charter.Rule.Confirm() -> document.put("rule", "confirm");
            case Charter.Rule.Deny() -> document.put("rule", "deny");
            case Charter.Rule.Approvals(int count, String role, var _) -> {
                document.put("rule", "approvals");
                document.put("approvals", count);
                document.put("role", role);
            }
        }
        flow.because().ifPresent(text -> document.put("because", text));
        return document;
    }

    /// `GET /api/v1/databases`: each with the worst of its checks, and how many say what.
    Answer databases(Request request) {
        Charter charter = corridor.charter();
        Map<String, Map<Level, Integer>> levels = estate.counts();
        return Answer.json(Map.of(
                "databases",
                charter.databases().values().stream()
                        .map(database -> database(
                                charter, database, levels.getOrDefault("database/" + database.name(), Map.of())))
                        .toList()));
    }

    private static Map<String, Object> database(
            Charter charter, Charter.Database database, Map<Level, Integer> checks) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", database.name());
        document.put("environment", database.environment());
        document.put("isProtected", charter.environment(database.environment()).isProtected());
        Optional.ofNullable(charter.backups().get(database.name()))
                .ifPresent(plan -> document.put("backupTo", plan.to()));
        checks.keySet().stream()
                .filter(level -> level != Level.NOT_APPLICABLE || checks.size() == 1)
                .max(Level::compareTo)
                .ifPresent(worst -> document.put("level", worst));
        document.put("checks", checks);
        return document;
    }

    /// `GET /api/v1/databases/{name}`: the same of one, with its verdicts and its last runs.
    Answer database(Request request) {
        Charter charter = corridor.charter();
        Charter.Database database = known(request.path("name"));
        String subject = "database/" + database.name();
        List<StandingVerdict> verdicts = corridor.readings().verdicts().of(subject);
        Map<Level, Integer> levels = new EnumMap<>(Level.class);
        verdicts.forEach(standing -> levels.merge(standing.verdict().level(), 1, Integer::sum));
        Map<String, Object> document = database(charter, database, levels);
        document.put("verdicts", verdicts);
        document.put("runs", corridor.readings().runs().last(subject, COUNT_DEFAULT));
        return Answer.json(document);
    }

    private Charter.Database known(String name) {
        return corridor.charter().databases().values().stream()
                .filter(database -> database.name().text().equals(name))
                .findFirst()
                .orElseThrow(() -> Rejection.notFound("the charter has no such database"));
    }

    /// `GET /api/v1/health?subject=&count=`: what the checks last said, the worst first: all of one subject, or of all
    /// subjects as many as asked for, with how many there are of each level.
    Answer health(Request request) {
        int count = request.count("count", VERDICTS_DEFAULT, VERDICTS_MAX);
        Optional<String> subject = request.query("subject");
        if (subject.isPresent()) {
            return Answer.json(Map.of("verdicts", corridor.readings().verdicts().of(subject.get())));
        }
        Map<Level, Integer> levels = new EnumMap<>(Level.class);
        estate.counts()
                .values()
                .forEach(each -> each.forEach((level, found) -> levels.merge(level, found, Integer::sum)));
        return Answer.json(Map.of(
                "levels", levels, "verdicts", corridor.readings().verdicts().worst(count)));
    }

    /// `GET /api/v1/runs?count=&database=&repository=`: the newest first.
    Answer runs(Request request) {
        int count = request.count("count", COUNT_DEFAULT, COUNT_MAX);
        Optional<String> subject = request.query("database")
                .map(name -> "database/" + name)
                .or(() -> request.query("repository").map(name -> "repository/" + name));
        List<RunRow> runs = subject.map(named -> corridor.readings().runs().last(named, count))
                .orElseGet(() -> corridor.readings().runs().last(count));
        return Answer.json(Map.of("runs", runs));
    }

    /// `GET /api/v1/runs/{run}`
    Answer run(Request request) {
        return Answer.json(corridor.readings()
                .runs()
                .find(request.run())
                .orElseThrow(() -> Rejection.notFound("there is no such run")));
    }

    /// `GET /api/v1/approvals`: what waits for people to agree.
    Answer approvals(Request request) {
        return Answer.json(Map.of(
                "approvals",
                corridor.readings().approvals().open(request.count("count", COUNT_DEFAULT, COUNT_MAX)).stream()
                        .map(ReadingRoutes::approval)
                        .toList()));
    }

    private static Map<String, Object> approval(ApprovalInbox.Request waiting) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("request", waiting.request());
        document.put("verb", waiting.operation().verb());
        document.put("text", OperationText.of(waiting.operation()));
        document.put("operation", waiting.operation());
        document.put("asker", waiting.asker());
        document.put("role", waiting.role());
        document.put("needed", waiting.needed());
        document.put("given", waiting.given());
        document.put("askedAt", waiting.askedAt());
        document.put("expiresAt", waiting.expiresAt());
        return document;
    }

    /// `GET /api/v1/journal?count=`: the last entries, the oldest first.
    Answer journal(Request request) {
        return Answer.json(Map.of("entries", corridor.journal(request.count("count", COUNT_DEFAULT, COUNT_MAX))));
    }

    /// `GET /api/v1/schedule?history=`: what `pgcharter schedule --json` prints.
    Answer schedule(Request request) {
        ScheduleReading schedule = corridor.readings().schedule();
        int history = request.count("history", 0, COUNT_MAX);
        return Answer.json(
                history > 0
                        ? Map.of("runs", schedule.history(history))
                        : Map.of("nodes", schedule.nodes(), "jobs", schedule.jobs()));
    }

    /// `GET /api/v1/alerts?history=`: what `pgcharter alerts --json` prints.
    Answer alerts(Request request) {
        Readings readings = corridor.readings();
        int history = request.count("history", 0, COUNT_MAX);
        return Answer.json(
                history > 0
                        ? Map.of("alerts", readings.alertHistory(history), "silences", List.of())
                        : Map.of(
                                "alerts",
                                readings.alerts(),
                                "silences",
                                readings.book().silences()));
    }

    /// `GET /api/v1/inventory?database=`: when each repository was last listed and how that went, and the backups that
    /// were seen then: all of one database, or the newest of each database in each repository.
    Answer inventory(Request request) {
        Inventory inventory = corridor.readings().inventory();
        Optional<DatabaseName> database =
                request.query("database").map(name -> known(name).name());
        return Answer.json(Map.of(
                "listings",
                inventory.listings().values(),
                "backups",
                database.map(inventory::backups).orElseGet(inventory::newest)));
    }

    /// `GET /api/v1/metrics/{name}?metric=&hours=&points=`: the newest sample; or one metric in the course of time.
    Answer metrics(Request request) {
        DatabaseName database = known(request.path("name")).name();
        MetricHistory history = corridor.readings().metrics();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("database", database);
        Optional<Metric> metric = request.query("metric").map(ReadingRoutes::metric);
        if (metric.isEmpty()) {
            Optional.ofNullable(history.latest().get("database/" + database)).ifPresent(latest -> {
                document.put("at", latest.at());
                document.put("ageMillis", latest.age().toMillis());
                Map<String, Double> values = new LinkedHashMap<>();
                latest.measures().all().forEach((measured, value) -> values.put(measured.id(), value));
                document.put("values", values);
            });
            return Answer.json(document);
        }
        Duration time = Duration.ofHours(request.count("hours", HOURS_DEFAULT, HOURS_MAX));
        Instant now = corridor.readings().book().now();
        document.put("metric", metric.get().id());
        document.put("unit", metric.get().unit().name().toLowerCase(Locale.ROOT));
        document.put(
                "points",
                history.series(
                        database,
                        metric.get(),
                        now.minus(time),
                        now,
                        request.count("points", POINTS_DEFAULT, COUNT_MAX)));
        return Answer.json(document);
    }

    private static Metric metric(String id) {
        return Arrays.stream(Metric.values())
                .filter(metric ->
                        metric.scope() == Metric.Scope.DATABASE && metric.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Rejection.notFound("there is no such metric of a database"));
    }

    /// `GET /metrics`: for Prometheus.
    Answer exposition(Request request) {
        return new Answer.Text(
                200, Exposition.CONTENT_TYPE, corridor.readings().exposition().get());
    }

    /// `GET /api/v1/users`
    Answer users(Request request) {
        return Answer.json(Map.of("users", corridor.readings().people().all()));
    }

    /// `GET /api/v1/tokens`: never the tokens themselves.
    Answer tokens(Request request) {
        return Answer.json(Map.of("tokens", corridor.readings().tokens().all()));
    }

    /// `GET /healthz`: that the process lives. Asks nobody.
    Answer alive(Request request) {
        return new Answer.Text(200, "text/plain; charset=utf-8", "ok\n");
    }

    /// `GET /health/{name}`: 503 while migrations are released to the database, where the charter asks for that. For
    /// load balancers, so to anybody, and no more than this.
    Answer released(Request request) {
        DatabaseName database = known(request.path("name")).name();
        boolean isClosed = signs.isClosed(database);
        return new Answer.Text(isClosed ? 503 : 200, "text/plain; charset=utf-8", isClosed ? "released\n" : "ok\n");
    }

    /// `GET /readyz`: that it can serve, which takes the control database.
    Answer ready(Request request) {
        boolean isEmpty = corridor.readings().runs().last(1).isEmpty();
        return new Answer.Text(200, "text/plain; charset=utf-8", isEmpty ? "ready; no run yet\n" : "ready\n");
    }
}
