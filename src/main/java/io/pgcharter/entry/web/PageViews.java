package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.ApprovalInbox;
import io.pgcharter.engine.engine.RunRow;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.OperationText;
import io.pgcharter.entry.corridor.Readings;
import io.pgcharter.entry.web.page.AccountPage;
import io.pgcharter.entry.web.page.AlertsPage;
import io.pgcharter.entry.web.page.ApprovalsPage;
import io.pgcharter.entry.web.page.DatabasePage;
import io.pgcharter.entry.web.page.DecisionPage;
import io.pgcharter.entry.web.page.JournalPage;
import io.pgcharter.entry.web.page.Overview;
import io.pgcharter.entry.web.page.Pace;
import io.pgcharter.entry.web.page.Recovery;
import io.pgcharter.entry.web.page.RunList;
import io.pgcharter.entry.web.page.RunPage;
import io.pgcharter.entry.web.page.RunSummary;
import io.pgcharter.entry.web.page.SchedulePage;
import io.pgcharter.entry.web.page.UsersPage;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Role;
import io.pgcharter.platform.state.VerdictSummary;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Fills the pages with what the control database and the charter say. Asks no database that is looked after.
final class PageViews {
    private static final int RUNS_SHOWN = 50;
    private static final int ENTRIES_SHOWN = 100;
    private static final int APPROVALS_SHOWN = 100;
    private static final Duration RECOVERY_SHOWN = Duration.ofDays(35);

    private final Corridor corridor;
    private final Estate estate;
    private final Sheets sheets;
    private final InstantSource clock;

    PageViews(Corridor corridor, Sheets sheets, InstantSource clock) {
        this.corridor = corridor;
        this.estate = sheets.estate();
        this.sheets = sheets;
        this.clock = clock;
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
        Estate.Now now = estate.now();
        Map<String, Overview.Working> working = new HashMap<>();
        for (RunRow run : now.open()) {
            run.subjects().forEach(subject -> working.put(subject, working(run)));
        }
        Known known = new Known(now.verdicts(), working, estate.done());
        List<Overview.Lane> lanes = charter.environments().values().stream()
                .map(environment -> new Overview.Lane(
                        environment.name().text(),
                        environment.isProtected(),
                        charter.databases().values().stream()
                                .filter(database -> database.environment().equals(environment.name()))
                                .map(database -> card(charter, database, known))
                                .toList()))
                .toList();
        return new Overview(lanes, flows(charter), notices(now.verdicts().first()));
    }

    private record Known(VerdictSummary verdicts, Map<String, Overview.Working> working, Estate.Done done) {}

    private static Overview.Card card(Charter charter, Charter.Database database, Known known) {
        String subject = "database/" + database.name();
        return new Overview.Card(
                database.name().text(),
                known.verdicts().level(subject),
                known.verdicts()
                        .worst(subject)
                        .map(standing -> standing.verdict().message())
                        .orElse(""),
                charter.backups().containsKey(database.name()),
                known.done().backups().of(subject),
                known.done().proofs().of(subject),
                OptionalLong.empty(),
                List.of(),
                Optional.ofNullable(known.working().get(subject)));
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
        DatabasePage.Head head = new DatabasePage.Head(
                database.name().text(),
                environment.name().text(),
                environment.isProtected(),
                worst.map(standing -> standing.verdict().level())
                        .orElse(verdicts.isEmpty() ? Level.NOT_APPLICABLE : Level.OK),
                worst.map(standing -> standing.verdict().message()).orElse(""),
                Optional.empty(),
                OptionalLong.empty(),
                plan.map(PageViews::plan));
        List<RunRow> runs = readings.runs().last(subject, RUNS_SHOWN);
        return new DatabasePage(
                head,
                recovery(runs),
                List.of(),
                verdicts.stream().map(PageViews::check).toList(),
                List.of(),
                List.of(),
                runs.stream().map(RunSummary::of).toList(),
                Optional.empty());
    }

    private static boolean isBad(StandingVerdict standing) {
        return standing.verdict().level().isWorseThan(Level.NOT_APPLICABLE);
    }

    private static String plan(Charter.BackupPlan plan) {
        return "into "
                + String.join(
                        " and ", plan.to().stream().map(RepositoryName::text).toList());
    }

    /// By the runs alone; which backups are still kept, the inventory knows.
    private Recovery recovery(List<RunRow> runs) {
        Instant now = clock.instant();
        List<Recovery.Point> points = runs.stream()
                .filter(run ->
                        run.verb().equals("backup") && run.outcome().orElse("").equals("done"))
                .map(run -> new Recovery.Point(run.run(), run.begunAt(), Recovery.Proof.UNPROVEN))
                .toList();
        return Recovery.of(now.minus(RECOVERY_SHOWN), now, Optional.empty(), points);
    }

    private static DatabasePage.CheckRow check(StandingVerdict standing) {
        return new DatabasePage.CheckRow(
                standing.verdict().check(),
                standing.verdict().level(),
                standing.verdict().message(),
                "",
                "",
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
        return RunPage.of(row, new Pace().lines(row.steps(), clock.instant()));
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

    /// The schedule's reading comes in here.
    SchedulePage schedule() {
        return new SchedulePage(List.of());
    }

    /// The alerts' reading comes in here.
    AlertsPage alerts() {
        return new AlertsPage(List.of(), List.of(), List.of());
    }

    JournalPage journal(Request request) {
        return new JournalPage(corridor.journal(ENTRIES_SHOWN).reversed(), verification(), OptionalLong.empty());
    }

    /// The last time that somebody had the journal verified.
    private Optional<JournalPage.Verification> verification() {
        return Optional.empty();
    }

    AccountPage account(Visitor visitor) {
        return account(visitor, Optional.empty());
    }

    AccountPage account(Visitor visitor, Optional<String> fresh) {
        List<AccountPage.Token> tokens = corridor.readings().tokens().all().stream()
                .filter(token -> token.person().equals(visitor.person()))
                .map(token -> new AccountPage.Token(
                        token.id(), token.name(), token.scope(), token.madeAt(), token.expiresAt(), token.usedAt()))
                .toList();
        return new AccountPage(
                corridor.readings().people().find(visitor.person()).isPresent(),
                tokens,
                List.of(),
                fresh,
                Optional.empty());
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
