package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.RunHistory;
import io.pgcharter.engine.engine.RunRow;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.Readings;
import io.pgcharter.entry.web.page.Overview;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.platform.inventory.Inventory;
import io.pgcharter.platform.metrics.Metric;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.state.VerdictSummary;
import io.pgcharter.policy.charter.Charter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// The first page: the charter drawn, with what is known of every database. It is the same for all who look, and put
/// together once a second at most. Thread-safe.
final class OverviewView {
    private static final Duration CONNECTIONS_SHOWN = Duration.ofHours(5);

    private final Corridor corridor;
    private final Estate estate;
    private final Shared<Overview> shared;

    OverviewView(Corridor corridor, Estate estate) {
        this.corridor = corridor;
        this.estate = estate;
        this.shared = estate.share(this::look);
    }

    Overview get() {
        return shared.get();
    }

    private Overview look() {
        Charter charter = corridor.charter();
        Readings readings = corridor.readings();
        Estate.Now now = estate.now();
        Map<String, Overview.Working> working = new HashMap<>();
        for (RunRow run : now.open()) {
            run.subjects().forEach(subject -> working.put(subject, working(run)));
        }
        List<String> subjects = charter.databases().keySet().stream()
                .map(name -> "database/" + name)
                .toList();
        Inventory inventory = readings.inventory();
        Known known = new Known(
                now.verdicts(),
                working,
                new Backups(
                        inventory.newest(charter.backups().keySet()),
                        inventory.listings(),
                        readings.runs().newest("backup", subjects)),
                new Proofs(
                        inventory.proven(charter.databases().keySet()),
                        readings.runs().newest("verify", subjects)),
                estate.latest());
        List<Overview.Lane> lanes = charter.environments().values().stream()
                .map(environment -> new Overview.Lane(
                        environment.name().text(),
                        environment.isProtected(),
                        charter.databases().values().stream()
                                .filter(database -> database.environment().equals(environment.name()))
                                .map(database -> card(charter, database, known))
                                .toList()))
                .toList();
        return new Overview(
                withConnections(lanes, readings.metrics()),
                flows(charter),
                notices(now.verdicts().first()));
    }

    private record Known(
            VerdictSummary verdicts,
            Map<String, Overview.Working> working,
            Backups backups,
            Proofs proofs,
            Map<String, MetricHistory.Latest> latest) {}

    /// @param seen when the newest backup was taken that a listing showed
    private record Backups(
            Map<DatabaseName, Instant> seen, Map<RepositoryName, Listing> listings, RunHistory.Newest runs) {
        /// When the newest backup was taken. That of a run which no listing could show yet counts as well.
        Optional<Instant> newest(DatabaseName database, Optional<Charter.BackupPlan> plan) {
            String subject = "database/" + database;
            Optional<Instant> ended = Optional.ofNullable(runs.endedAt().get(subject));
            boolean isFresh = ended.isPresent()
                    && plan.stream()
                            .flatMap(known -> known.to().stream())
                            .anyMatch(repository -> Optional.ofNullable(listings.get(repository))
                                    .flatMap(Listing::listedAt)
                                    .filter(ended.get()::isBefore)
                                    .isEmpty());
            return Stream.concat(
                            Optional.ofNullable(seen.get(database)).stream(),
                            isFresh ? runs.of(subject).stream() : Stream.empty())
                    .max(Comparator.naturalOrder());
        }
    }

    /// @param seen when the newest proof succeeded that a listing showed, of whatever node and control database
    private record Proofs(Map<DatabaseName, Instant> seen, RunHistory.Newest runs) {
        Optional<Instant> newest(DatabaseName database) {
            return Stream.concat(
                            Optional.ofNullable(seen.get(database)).stream(), runs.of("database/" + database).stream())
                    .max(Comparator.naturalOrder());
        }
    }

    /// With the course of connections on those cards that are drawn whole: of a thousand databases that is a few.
    private static List<Overview.Lane> withConnections(List<Overview.Lane> lanes, MetricHistory history) {
        List<String> drawn = lanes.stream()
                .flatMap(lane -> lane.large().stream())
                .map(card -> "database/" + card.database())
                .toList();
        Map<String, List<Double>> recent = history.recent(drawn, Metric.CONNECTIONS, CONNECTIONS_SHOWN);
        return lanes.stream()
                .map(lane -> new Overview.Lane(
                        lane.environment(),
                        lane.guarded(),
                        lane.cards().stream()
                                .map(card -> card.withConnections(
                                        recent.getOrDefault("database/" + card.database(), List.of())))
                                .toList()))
                .toList();
    }

    private static Overview.Card card(Charter charter, Charter.Database database, Known known) {
        String subject = "database/" + database.name();
        Optional<Charter.BackupPlan> plan =
                Optional.ofNullable(charter.backups().get(database.name()));
        return new Overview.Card(
                database.name().text(),
                known.verdicts().level(subject),
                known.verdicts()
                        .worst(subject)
                        .map(standing -> standing.verdict().message())
                        .orElse(""),
                plan.isPresent(),
                known.backups().newest(database.name(), plan),
                known.proofs().newest(database.name()),
                size(Optional.ofNullable(known.latest().get(subject))),
                List.of(),
                Optional.ofNullable(known.working().get(subject)));
    }

    /// As it was when the database answered last.
    static OptionalLong size(Optional<MetricHistory.Latest> latest) {
        OptionalDouble bytes = latest.map(sample -> sample.measures().of(Metric.DATABASE_BYTES))
                .orElse(OptionalDouble.empty());
        return bytes.isPresent() ? OptionalLong.of(Math.round(bytes.getAsDouble())) : OptionalLong.empty();
    }

    private static Overview.Working working(RunRow run) {
        OptionalDouble share = run.steps().stream()
                .filter(step -> !step.ended() && step.total() > 0)
                .mapToDouble(step -> Math.clamp((double) step.done() / step.total(), 0, 1))
                .average();
        return new Overview.Working(run.run(), run.verb(), share);
    }

    private static List<Overview.Flow> flows(Charter charter) {
        return charter.flows().stream()
                .map(flow -> new Overview.Flow(
                        flow.from().text(),
                        flow.to().text(),
                        flow.what().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        rule(flow.rule()),
                        says(flow.rule()),
                        charter.where(flow.line())))
                .toList();
    }

    private static Overview.Rule rule(Charter.Rule rule) {
        return switch (rule) {
            case Charter.Rule.Allow() -> Overview.Rule.ALLOW;
            case Charter.Rule.Confirm() -> Overview.Rule.CONFIRM;
            case Charter.Rule.Approvals _ -> Overview.Rule.APPROVAL;
            case Charter.Rule.Deny() -> Overview.Rule.DENY;
        };
    }

    private static String says(Charter.Rule rule) {
        return switch (rule) {
            case Charter.Rule.Allow() -> "allowed";
            case Charter.Rule.Confirm() -> "with a confirmation";
            case Charter.Rule.Approvals(int count, String role, var _) ->
                count + (count == 1 ? " approval of " : " approvals of ") + role;
            case Charter.Rule.Deny() -> "never";
        };
    }

    private static List<Overview.Notice> notices(List<StandingVerdict> verdicts) {
        return verdicts.stream()
                .filter(standing -> standing.verdict().level().isWorseThan(Level.UNKNOWN))
                .map(standing -> new Overview.Notice(
                        standing.verdict().level(),
                        standing.verdict().subject(),
                        standing.verdict().message(),
                        Optional.of(standing.since()),
                        href(standing.verdict().subject())))
                .toList();
    }

    private static String href(String subject) {
        return subject.startsWith("database/") ? "/databases/" + subject.substring("database/".length()) : "/alerts";
    }
}
