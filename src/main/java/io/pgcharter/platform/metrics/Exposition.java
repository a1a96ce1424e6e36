package io.pgcharter.platform.metrics;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.platform.state.State;
import io.pgcharter.platform.state.Verdicts;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jdbi.v3.core.Jdbi;

/// What is known now, as Prometheus reads it (<https://prometheus.io/docs/instrumenting/exposition_formats/>): the
/// newest sample of each database and node, what the checks say, backups, proofs and runs, and this process. Read
/// from the control database, so that every node tells the same of all databases. Thread-safe.
public final class Exposition {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /// A sample that is older says nothing of now and is left out.
    private static final Duration AGE_MAX = Duration.ofMinutes(5);

    private final Map<DatabaseName, EnvironmentName> databases;
    private final Jdbi jdbi;
    private final MetricHistory history;
    private final Verdicts verdicts;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /// @param databases those of the charter, and the environment each belongs to
    public Exposition(State state, Map<DatabaseName, EnvironmentName> databases) {
        this.databases = Map.copyOf(databases);
        this.jdbi = state.jdbi();
        this.history = new MetricHistory(state);
        this.verdicts = new Verdicts(state);
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        registry.getPrometheusRegistry().register(this::collect);
    }

    /// All of it, as [#CONTENT_TYPE].
    ///
    /// @throws org.jdbi.v3.core.JdbiException if the control database does not answer
    public String text() {
        return registry.scrape(CONTENT_TYPE);
    }

    private MetricSnapshots collect() {
        Families families = new Families();
        samples(families);
        checks(families);
        backups(families);
        runs(families);
        return families.snapshots();
    }

    private void samples(Families families) {
        Map<String, MetricHistory.Latest> latest = history.latest();
        databases.forEach((name, environment) -> {
            MetricHistory.Latest found = latest.get(Measurement.subject(name));
            if (found == null) {
                return;
            }
            Labels labels = database(name, environment);
            families.add(
                    "pgcharter_database_sample_age_seconds",
                    "time since the database was sampled last",
                    labels,
                    found.age().toMillis() / 1e3);
            if (found.age().compareTo(AGE_MAX) <= 0) {
                measures(families, "pgcharter_database_", labels, found);
            }
        });
        latest.forEach((subject, found) -> {
            if (subject.startsWith("node/") && found.age().compareTo(AGE_MAX) <= 0) {
                measures(families, "pgcharter_", Labels.of("node", subject.substring("node/".length())), found);
            }
        });
    }

    private static Labels database(DatabaseName name, EnvironmentName environment) {
        return Labels.of("database", name.text(), "environment", environment.text());
    }

    private static void measures(Families families, String prefix, Labels labels, MetricHistory.Latest latest) {
        latest.measures()
                .all()
                .forEach((metric, value) -> families.add(name(prefix, metric), metric.help(), labels, value));
    }

    /// `database_bytes` of a database is not said twice.
    private static String name(String prefix, Metric metric) {
        return prefix.endsWith("database_") && metric.id().startsWith("database_")
                ? "pgcharter_" + metric.id()
                : prefix + metric.id();
    }

    private void checks(Families families) {
        verdicts.levels((subject, check, level) -> number(level)
                .ifPresent(number -> families.add(
                        "pgcharter_check_level",
                        "what a check says: 0 ok, 1 unknown, 2 warn, 3 crit",
                        Labels.of("subject", subject, "check", check),
                        number)));
    }

    private static OptionalInt number(Level level) {
        return switch (level) {
            case OK -> OptionalInt.of(0);
            case NOT_APPLICABLE -> OptionalInt.empty();
            case UNKNOWN -> OptionalInt.of(1);
            case WARN -> OptionalInt.of(2);
            case CRIT -> OptionalInt.of(3);
        };
    }

    private void backups(Families families) {
        jdbi.useHandle(handle -> handle.createQuery("""
                        SELECT verb, subject, extract(epoch FROM clock_timestamp() - max(ended_at))
                        FROM pgcharter.run, unnest(subjects) AS subject
                        WHERE verb IN ('backup', 'verify') AND outcome = 'done' AND subject LIKE 'database/%'
                        GROUP BY verb, subject""")
                .map(row -> new Age(
                        row.getColumn(1, String.class), row.getColumn(2, String.class), row.getColumn(3, Double.class)))
                .forEach(age -> {
                    DatabaseName name = new DatabaseName(age.subject().substring("database/".length()));
                    EnvironmentName environment = databases.get(name);
                    if (environment != null) {
                        families.add(
                                age.verb().equals("backup")
                                        ? "pgcharter_last_backup_age_seconds"
                                        : "pgcharter_last_proof_age_seconds",
                                age.verb().equals("backup")
                                        ? "time since a backup of the database was last completed"
                                        : "time since a backup of the database was last proven",
                                database(name, environment),
                                age.seconds());
                    }
                }));
    }

    private record Age(String verb, String subject, double seconds) {}

    /// Of the last 8 days: what runs, how the last run of each verb on each subject ended.
    private void runs(Families families) {
        jdbi.useHandle(handle -> {
            handle.createQuery("SELECT verb, count(*) FROM pgcharter.run WHERE ended_at IS NULL GROUP BY verb")
                    .map(row -> Map.entry(row.getColumn(1, String.class), row.getColumn(2, Long.class)))
                    .forEach(open -> families.add(
                            "pgcharter_runs_open",
                            "runs that go on, on all nodes",
                            Labels.of("verb", open.getKey()),
                            open.getValue()));
            handle.createQuery("""
                            SELECT DISTINCT ON (verb, subject) verb, subject, outcome FROM (
                              SELECT verb, unnest(subjects) AS subject, outcome, ended_at FROM pgcharter.run
                              WHERE begun_at > clock_timestamp() - interval '8 days' AND ended_at IS NOT NULL
                                AND outcome IS NOT NULL
                            ) AS ended ORDER BY verb, subject, ended_at DESC""")
                    .map(row -> new Ended(
                            row.getColumn(1, String.class),
                            row.getColumn(2, String.class),
                            row.getColumn(3, String.class)))
                    .forEach(ended -> families.add(
                            "pgcharter_last_run_ok",
                            "1 if the last run of the verb on the subject within 8 days was done, 0 if it failed",
                            Labels.of("verb", ended.verb(), "subject", ended.subject()),
                            ended.outcome().equals("done") ? 1 : 0));
        });
    }

    private record Ended(String verb, String subject, String outcome) {}

    /// Gauges by name, as they come.
    private static final class Families {
        private final Map<String, GaugeSnapshot.Builder> families = new LinkedHashMap<>();

        void add(String name, String help, Labels labels, double value) {
            families.computeIfAbsent(
                            name, _ -> GaugeSnapshot.builder().name(name).help(help))
                    .dataPoint(new GaugeDataPointSnapshot(value, labels, null));
        }

        MetricSnapshots snapshots() {
            return new MetricSnapshots(families.values().stream()
                    .<MetricSnapshot>map(GaugeSnapshot.Builder::build)
                    .toList());
        }
    }
}
