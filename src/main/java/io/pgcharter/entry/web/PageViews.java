package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.ApprovalInbox;
import io.pgcharter.engine.engine.RunHistory;
import io.pgcharter.engine.engine.RunRow;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.JournalLine;
import io.pgcharter.entry.corridor.OperationText;
import io.pgcharter.entry.corridor.Readings;
import io.pgcharter.entry.web.page.AlertsPage;
import io.pgcharter.entry.web.page.ApprovalsPage;
import io.pgcharter.entry.web.page.DatabasePage;
import io.pgcharter.entry.web.page.DecisionPage;
import io.pgcharter.entry.web.page.JournalPage;
import io.pgcharter.entry.web.page.Overview;
import io.pgcharter.entry.web.page.Pace;
import io.pgcharter.entry.web.page.RunList;
import io.pgcharter.entry.web.page.RunPage;
import io.pgcharter.entry.web.page.RunSummary;
import io.pgcharter.entry.web.page.SchedulePage;
import io.pgcharter.entry.web.page.UsersPage;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Role;
import io.pgcharter.platform.inventory.Inventory;
import io.pgcharter.platform.metrics.Metric;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.metrics.StatementCost;
import io.pgcharter.platform.metrics.StatementHistory;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.check.Check;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.guard.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Fills the pages with what the control database and the charter say. Asks no database that is looked after.
final class PageViews {
    private static final int RUNS_SHOWN = 50;
    private static final int ENTRIES_SHOWN = 100;
    private static final int APPROVALS_SHOWN = 100;
    private static final int NOTICES_SHOWN = 20;
    private static final int QUERIES_SHOWN = 10;

    /// What the last so many runs of a database tell of its backups is told.
    private static final int RUNS_READ = 200;

    private static final Duration RECOVERY_SHOWN = Duration.ofDays(35);
    private static final Duration CONNECTIONS_SHOWN = Duration.ofHours(5);
    private static final long FIRST_ENTRY = 1;

    private final Corridor corridor;
    private final Sheets sheets;
    private final Map<String, Check> checks;

    PageViews(Corridor corridor, Sheets sheets) {
        this.corridor = corridor;
        this.sheets = sheets;
        this.checks = Checkbook.published().all().stream().collect(Collectors.toMap(Check::id, check -> check));
    }

    /// @throws Rejection 404
    Charter.Database known(String name) {
        return corridor.charter().databases().values().stream()
                .filter(database -> database.name().text().equals(name))
                .findFirst()
                .orElseThrow(() -> Rejection.notFound("the charter has no such database"));
    }

    Overview overview() {
        Charter charter = corridor.charter();
        Readings readings = corridor.readings();
        List<StandingVerdict> verdicts = readings.verdicts().all();
        Map<String, StandingVerdict> worst = new HashMap<>();
        for (StandingVerdict standing : verdicts) {
            worst.merge(standing.verdict().subject(), standing, PageViews::worse);
        }
        Map<String, Overview.Working> working = new HashMap<>();
        for (RunRow run : readings.runs().open()) {
            run.subjects().forEach(subject -> working.put(subject, working(run)));
        }
        List<String> subjects = charter.databases().keySet().stream()
                .map(name -> "database/" + name)
                .toList();
        Inventory inventory = readings.inventory();
        Known known = new Known(
                worst,
                working,
                new Backups(
                        inventory.newest(charter.backups().keySet()),
                        inventory.listings(),
                        readings.runs().newest("backup", subjects)),
                readings.runs().newest("verify", subjects),
                readings.metrics().latest());
        List<Overview.Lane> lanes = charter.environments().values().stream()
                .map(environment -> new Overview.Lane(
                        environment.name().text(),
                        environment.isProtected(),
                        charter.databases().values().stream()
                                .filter(database -> database.environment().equals(environment.name()))
                                .map(database -> card(charter, database, known))
                                .toList()))
                .toList();
        return new Overview(withConnections(lanes, readings.metrics()), flows(charter), notices(verdicts));
    }

    private record Known(
            Map<String, StandingVerdict> worst,
            Map<String, Overview.Working> working,
            Backups backups,
            RunHistory.Newest proofs,
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

    /// What is not applicable says nothing beside a check that is.
    private static StandingVerdict worse(StandingVerdict one, StandingVerdict other) {
        if (one.verdict().level() == Level.NOT_APPLICABLE) {
            return other;
        }
        if (other.verdict().level() == Level.NOT_APPLICABLE) {
            return one;
        }
        return other.verdict().level().isWorseThan(one.verdict().level()) ? other : one;
    }

    private static Overview.Card card(Charter charter, Charter.Database database, Known known) {
        String subject = "database/" + database.name();
        Optional<StandingVerdict> worst = Optional.ofNullable(known.worst().get(subject));
        Level level = worst.map(standing -> standing.verdict().level()).orElse(Level.NOT_APPLICABLE);
        Optional<Charter.BackupPlan> plan =
                Optional.ofNullable(charter.backups().get(database.name()));
        return new Overview.Card(
                database.name().text(),
                level,
                level.isWorseThan(Level.NOT_APPLICABLE)
                        ? worst.map(standing -> standing.verdict().message()).orElse("")
                        : "",
                plan.isPresent(),
                known.backups().newest(database.name(), plan),
                known.proofs().of(subject),
                size(Optional.ofNullable(known.latest().get(subject))),
                List.of(),
                Optional.ofNullable(known.working().get(subject)));
    }

    /// As it was when the database answered last.
    private static OptionalLong size(Optional<MetricHistory.Latest> latest) {
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
                .limit(NOTICES_SHOWN)
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

    DatabasePage database(Request request) {
        Charter charter = corridor.charter();
        Charter.Database database = known(request.path("name"));
        String subject = "database/" + database.name();
        Readings readings = corridor.readings();
        List<StandingVerdict> verdicts = readings.verdicts().of(subject);
        Optional<StandingVerdict> worst = verdicts.stream().reduce(PageViews::worse);
        Optional<Charter.BackupPlan> plan =
                Optional.ofNullable(charter.backups().get(database.name()));
        Charter.Environment environment = charter.environment(database.environment());
        Optional<MetricHistory.Latest> latest =
                Optional.ofNullable(readings.metrics().latest().get(subject));
        DatabasePage.Head head = new DatabasePage.Head(
                database.name().text(),
                environment.name().text(),
                environment.isProtected(),
                worst.map(standing -> standing.verdict().level()).orElse(Level.NOT_APPLICABLE),
                worst.map(standing -> standing.verdict().message()).orElse(""),
                Optional.empty(),
                size(latest),
                plan.map(PageViews::plan));
        List<RunRow> runs = readings.runs().last(subject, RUNS_SHOWN);
        DatabasePage.Holdings holdings = HoldingsView.of(
                plan.map(Charter.BackupPlan::to).orElse(List.of()),
                readings.inventory().listings(),
                readings.inventory().backups(database.name()),
                readings.runs().last(subject, RUNS_READ));
        Instant now = sheets.now();
        return new DatabasePage(
                head,
                HoldingsView.recovery(holdings, now.minus(RECOVERY_SHOWN), now),
                holdings,
                verdicts.stream().map(this::check).toList(),
                latest.map(sample -> Charts.of(
                                readings.metrics(),
                                database.name(),
                                sample.measures(),
                                readings.book().now()))
                        .orElse(List.of()),
                queries(charter, readings.statements().costliest(database.name(), QUERIES_SHOWN)),
                runs.stream().map(RunSummary::of).toList(),
                Optional.empty());
    }

    /// The values of one chart.
    Map<String, Object> chart(Request request) {
        DatabaseName database = known(request.path("name")).name();
        Readings readings = corridor.readings();
        return Charts.values(
                readings.metrics(),
                database,
                request.path("chart"),
                readings.book().now());
    }

    private static List<DatabasePage.QueryRow> queries(Charter charter, List<StatementHistory.Costly> costliest) {
        double slow = charter.serving().watch().slowQuery().toMillis();
        return costliest.stream()
                .map(costly -> new DatabasePage.QueryRow(
                        costly.text().isEmpty() ? "(text not known)" : costly.text(),
                        costly.cost().calls(),
                        costly.cost().meanMilliseconds(),
                        costly.share(),
                        change(costly),
                        costly.cost().meanMilliseconds() > slow))
                .toList();
    }

    private static OptionalDouble change(StatementHistory.Costly costly) {
        double before = costly.before().map(StatementCost::meanMilliseconds).orElse(0.0);
        return before > 0 ? OptionalDouble.of(costly.cost().meanMilliseconds() / before) : OptionalDouble.empty();
    }

    private static String plan(Charter.BackupPlan plan) {
        return "into "
                + String.join(
                        " and ", plan.to().stream().map(RepositoryName::text).toList());
    }

    private DatabasePage.CheckRow check(StandingVerdict standing) {
        Optional<Check> check =
                Optional.ofNullable(checks.get(standing.verdict().check()));
        return new DatabasePage.CheckRow(
                standing.verdict().check(),
                standing.verdict().level(),
                standing.verdict().message(),
                check.map(known -> known.title() + ". " + known.why()).orElse(""),
                check.map(Check::remedy).orElse(""),
                standing.since(),
                standing.verdict().findings());
    }

    RunList runs(Request request) {
        Optional<String> database = request.query("database");
        Optional<String> subject =
                database.map(name -> "database/" + known(name).name());
        List<RunRow> rows = corridor.readings().runs().before(request.query("before"), subject, RUNS_SHOWN + 1);
        List<RunRow> shown = rows.subList(0, Math.min(RUNS_SHOWN, rows.size()));
        return new RunList(
                shown.stream().map(RunSummary::of).toList(),
                database,
                rows.size() > RUNS_SHOWN ? Optional.of(shown.getLast().run()) : Optional.empty());
    }

    RunPage run(Request request) {
        RunRow row = corridor.readings()
                .runs()
                .find(request.run())
                .orElseThrow(() -> Rejection.notFound("there is no such run"));
        return RunPage.of(row, new Pace().lines(row.steps(), sheets.now()));
    }

    ApprovalsPage approvals(Visitor visitor) {
        List<ApprovalsPage.Request> open = new ArrayList<>();
        List<ApprovalsPage.Request> settled = new ArrayList<>();
        for (ApprovalInbox.Request waiting : corridor.readings().approvals().open(APPROVALS_SHOWN)) {
            boolean isGiven = waiting.given().size() >= waiting.needed();
            (isGiven ? settled : open).add(request(waiting, visitor, isGiven ? "agreed to" : ""));
        }
        open.sort(Comparator.comparing(ApprovalsPage.Request::askedAt));
        return new ApprovalsPage(open, settled);
    }

    private ApprovalsPage.Request request(ApprovalInbox.Request waiting, Visitor visitor, String state) {
        return new ApprovalsPage.Request(
                waiting.request(),
                OperationText.of(waiting.operation()),
                waiting.asker(),
                waiting.askedAt(),
                waiting.expiresAt(),
                waiting.given().stream()
                        .map(given -> new ApprovalsPage.Approval(given.person(), given.at()))
                        .toList(),
                waiting.needed(),
                waiting.role(),
                List.of(),
                state,
                barred(waiting, visitor));
    }

    private Optional<String> barred(ApprovalInbox.Request waiting, Visitor visitor) {
        if (waiting.asker().equals(visitor.person())) {
            return Optional.of("You asked for it yourself");
        }
        if (waiting.given().stream().anyMatch(given -> given.person().equals(visitor.person()))) {
            return Optional.of("You have agreed");
        }
        if (!visitor.role().covers(Role.APPROVER)) {
            return Optional.of("Your role is not approver");
        }
        return sheets.mayAgree(waiting, visitor)
                ? Optional.empty()
                : Optional.of("The charter does not name you as " + waiting.role());
    }

    SchedulePage schedule() {
        return ScheduleView.of(corridor.charter(), corridor.readings().schedule());
    }

    AlertsPage alerts() {
        return AlertsView.of(corridor.readings());
    }

    JournalPage journal(Request request) {
        Optional<Long> before = request.query("before").map(PageViews::number);
        List<JournalLine> lines = before.map(number -> corridor.journalBefore(number, ENTRIES_SHOWN))
                .orElseGet(() -> corridor.journal(ENTRIES_SHOWN))
                .reversed();
        boolean isMore = !lines.isEmpty() && lines.getLast().number() > FIRST_ENTRY;
        return new JournalPage(
                lines, verification(), isMore ? OptionalLong.of(lines.getLast().number()) : OptionalLong.empty());
    }

    private static long number(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw Rejection.invalid("'before' is not a number", "entries of the journal are numbered", "correct it");
        }
        return Long.parseLong(text);
    }

    /// The last time that somebody had the journal verified.
    private Optional<JournalPage.Verification> verification() {
        return corridor.readings().runs().newest("journal verify").flatMap(VerificationView::of);
    }

    UsersPage users(Visitor visitor, Optional<UsersPage.Invitation> invitation) {
        List<UsersPage.User> users = corridor.readings().people().all().stream()
                .map(person -> new UsersPage.User(
                        person.name(),
                        person.role(),
                        person.hasPassword() ? "password" : "link not used yet",
                        person.seenAt(),
                        person.name().equals(visitor.person())))
                .toList();
        return new UsersPage(users, invitation, Optional.empty());
    }

    static List<DecisionPage.Reason> reasons(List<Reason> reasons) {
        return reasons.stream()
                .map(reason -> new DecisionPage.Reason(reason.rule(), reason.text(), reason.where()))
                .toList();
    }
}
