package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.ApprovalInbox;
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
import io.pgcharter.entry.web.page.Pace;
import io.pgcharter.entry.web.page.RunList;
import io.pgcharter.entry.web.page.RunPage;
import io.pgcharter.entry.web.page.RunSummary;
import io.pgcharter.entry.web.page.SchedulePage;
import io.pgcharter.entry.web.page.UsersPage;
import io.pgcharter.model.estate.ListedBackup;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Role;
import io.pgcharter.platform.metrics.Metric;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.metrics.StatementCost;
import io.pgcharter.platform.metrics.StatementHistory;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.check.Check;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.guard.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// Fills the pages with what the control database and the charter say. Asks no database that is looked after.
final class PageViews {
    private static final int RUNS_SHOWN = 50;
    private static final int ENTRIES_SHOWN = 100;
    private static final int APPROVALS_SHOWN = 100;
    private static final int QUERIES_SHOWN = 10;

    /// What the last so many runs of a database tell of its backups is told.
    private static final int RUNS_READ = 200;

    private static final long FIRST_ENTRY = 1;

    private final Corridor corridor;
    private final Estate estate;
    private final Sheets sheets;
    private final Map<String, Check> checks;

    PageViews(Corridor corridor, Sheets sheets) {
        this.corridor = corridor;
        this.estate = sheets.estate();
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

    DatabasePage database(Request request) {
        Charter charter = corridor.charter();
        Charter.Database database = known(request.path("name"));
        String subject = "database/" + database.name();
        Readings readings = corridor.readings();
        List<StandingVerdict> verdicts = readings.verdicts().of(subject);
        Optional<StandingVerdict> worst = verdicts.stream().findFirst().filter(PageViews::isBad);
        Optional<Charter.BackupPlan> plan =
                Optional.ofNullable(charter.backups().get(database.name()));
        Charter.Environment environment = charter.environment(database.environment());
        Optional<MetricHistory.Latest> latest =
                Optional.ofNullable(estate.latest().get(subject));
        List<ListedBackup> seen = readings.inventory().backups(database.name());
        DatabasePage.Head head = new DatabasePage.Head(
                database.name().text(),
                environment.name().text(),
                environment.isProtected(),
                worst.map(standing -> standing.verdict().level())
                        .orElse(verdicts.isEmpty() ? Level.NOT_APPLICABLE : Level.OK),
                worst.map(standing -> standing.verdict().message()).orElse(""),
                version(latest, seen),
                OverviewView.size(latest),
                plan.map(PageViews::plan));
        DatabasePage.Holdings holdings = HoldingsView.of(
                plan.map(Charter.BackupPlan::to).orElse(List.of()),
                readings.inventory().listings(),
                seen,
                readings.runs().last(subject, RUNS_READ));
        return new DatabasePage(
                head,
                new RecoveryView(charter, readings.runs(), sheets.now()).of(database.name(), seen, holdings),
                holdings,
                verdicts.stream().map(this::check).toList(),
                latest.map(sample -> Charts.of(
                                readings.metrics(),
                                database.name(),
                                sample.measures(),
                                readings.book().now()))
                        .orElse(List.of()),
                queries(charter, readings.statements().costliest(database.name(), QUERIES_SHOWN)),
                readings.runs().last(subject, RUNS_SHOWN).stream()
                        .map(RunSummary::of)
                        .toList(),
                Optional.empty());
    }

    /// The server's, as it said with the newest sample; of one that does not answer, as it was when it was last backed
    /// up.
    private static Optional<String> version(Optional<MetricHistory.Latest> latest, List<ListedBackup> seen) {
        OptionalDouble measured = latest.map(sample -> sample.measures().of(Metric.SERVER_VERSION))
                .orElse(OptionalDouble.empty());
        if (measured.isPresent()) {
            long number = Math.round(measured.getAsDouble());
            return Optional.of(number / 10_000 + "." + number % 10_000);
        }
        return seen.stream().findFirst().map(backup -> backup.server() + " when it was last backed up");
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

    private static boolean isBad(StandingVerdict standing) {
        return standing.verdict().level().isWorseThan(Level.NOT_APPLICABLE);
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
        return AlertsView.of(corridor.charter(), corridor.readings());
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
