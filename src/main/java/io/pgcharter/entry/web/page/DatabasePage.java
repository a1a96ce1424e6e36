package io.pgcharter.entry.web.page;

import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// One database: what can be restored, how it does, what was done with it.
///
/// @param checks the worst first
/// @param queries the costliest first
/// @param runs the newest first
/// @param confirm the name to type before work on it begins; empty where the charter does not ask for it
public record DatabasePage(
        Head head,
        Recovery recovery,
        Holdings holdings,
        List<CheckRow> checks,
        List<Chart> charts,
        List<QueryRow> queries,
        List<RunSummary> runs,
        Optional<String> confirm)
        implements Page {
    public DatabasePage {
        checks = List.copyOf(checks);
        charts = List.copyOf(charts);
        queries = List.copyOf(queries);
        runs = List.copyOf(runs);
    }

    public List<BackupRow> backups() {
        return holdings.backups();
    }

    @Override
    public String title() {
        return head.database();
    }

    @Override
    public String section() {
        return "overview";
    }

    public long checks(Level level) {
        return checks.stream().filter(check -> check.level() == level).count();
    }

    public List<CheckRow> unwell() {
        return checks.stream()
                .filter(check -> check.level().isWorseThan(Level.NOT_APPLICABLE)
                        || check.findings().stream()
                                .anyMatch(finding -> finding.waived().isPresent()))
                .toList();
    }

    public List<CheckRow> well() {
        var unwell = unwell();
        return checks.stream().filter(check -> !unwell.contains(check)).toList();
    }

    /// What stands at the top.
    ///
    /// @param version the server's: `17.2`; empty while nobody has seen it
    /// @param plan what the charter plans, in words: `daily at 02:00 into onsite and offsite`; empty for nothing
    public record Head(
            String database,
            String environment,
            boolean guarded,
            Level level,
            String message,
            Optional<String> version,
            OptionalLong sizeBytes,
            Optional<String> plan) {}

    /// The backups, and how much that is worth.
    ///
    /// @param backups the newest first
    /// @param listings one for each repository of the plan
    public record Holdings(List<BackupRow> backups, List<Listed> listings) {
        public Holdings {
            backups = List.copyOf(backups);
            listings = List.copyOf(listings);
        }
    }

    /// How a repository was last listed.
    ///
    /// @param at when that succeeded; empty if it never did, and what is there is unknown
    /// @param trouble why the last try failed
    public record Listed(String repository, Optional<Instant> at, Optional<String> trouble) {}

    /// One backup.
    ///
    /// @param id its whole id
    /// @param repository one that holds it, for a proof
    /// @param places all that hold it
    /// @param pinned why it is exempt from retention
    public record BackupRow(
            String id,
            Instant at,
            String repository,
            List<String> places,
            Recovery.Proof proof,
            Optional<Instant> provenAt,
            OptionalLong sizeBytes,
            Optional<Duration> took,
            Optional<String> pinned) {
        public BackupRow {
            places = List.copyOf(places);
        }

        public String abbreviated() {
            return id.length() > 8 ? id.substring(0, 8) : id;
        }
    }

    /// One check.
    ///
    /// @param meaning what it is about, in a sentence or two
    /// @param remedy what to do
    /// @param since since when it says so
    public record CheckRow(
            String check,
            Level level,
            String message,
            String meaning,
            String remedy,
            Instant since,
            List<Finding> findings) {
        public CheckRow {
            findings = List.copyOf(findings);
        }
    }

    /// One metric as a line in time.
    ///
    /// @param name of the metric, unique on the page: `connections`
    /// @param source address of its values, as JSON: `{"at": [seconds since 1970…], "series": [{"name": "active",
    ///     "values": [number or null…]}…]}`
    /// @param recent what is drawn where there is no JavaScript, oldest first, at most 120
    public record Chart(String name, String title, Unit unit, String source, List<Double> recent) {
        public Chart {
            recent = List.copyOf(recent);
        }

        public Sparkline line() {
            return Sparkline.of(recent);
        }
    }

    /// What a metric counts.
    public enum Unit {
        COUNT,
        BYTES,
        /// 0 to 100.
        PERCENT,
        MILLIS,
        PER_SECOND
    }

    /// One statement.
    ///
    /// @param share of all time spent in statements, 0 to 1
    /// @param change how many times slower than the day before; below 1 for faster
    /// @param slow slower than the charter's limit
    public record QueryRow(
            String query, long calls, double meanMillis, double share, OptionalDouble change, boolean slow) {}
}
