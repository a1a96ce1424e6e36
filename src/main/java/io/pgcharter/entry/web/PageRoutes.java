package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.OperationText;
import io.pgcharter.entry.web.Route.Method;
import io.pgcharter.entry.web.Route.Permission;
import io.pgcharter.entry.web.Submissions.Submitted;
import io.pgcharter.entry.web.page.Assets;
import io.pgcharter.entry.web.page.DecisionPage;
import io.pgcharter.entry.web.page.Pace;
import io.pgcharter.entry.web.page.Page;
import io.pgcharter.entry.web.page.RunPage;
import io.pgcharter.entry.web.page.UsersPage;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.AccessReport;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Decision;
import io.pgcharter.policy.guard.Reason;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The dashboard's pages, and what their forms ask for. A form becomes an operation like any other; what the guard says
/// to it is a page.
final class PageRoutes {
    private static final Permission VIEWER = new Permission.Needs(Role.VIEWER);
    private static final Permission OPERATOR = new Permission.Needs(Role.OPERATOR);
    private static final Permission APPROVER = new Permission.Needs(Role.APPROVER);
    private static final Permission ADMIN = new Permission.Needs(Role.ADMIN);

    /// How long a form is answered late so that it can be answered with how it ended.
    private static final Duration PATIENCE = Duration.ofMillis(700);

    private final Corridor corridor;
    private final Submissions submissions;
    private final Sheets sheets;
    private final RunEvents events;
    private final OverviewView overview;
    private final PageViews views;
    private final Assets assets;
    private final AccountRoutes accounts;

    PageRoutes(Corridor corridor, Submissions submissions, Sheets sheets, Assets assets, AccountRoutes accounts) {
        this.corridor = corridor;
        this.submissions = submissions;
        this.sheets = sheets;
        this.events = new RunEvents(corridor);
        this.overview = new OverviewView(corridor, sheets.estate());
        this.views = new PageViews(corridor, sheets);
        this.assets = assets;
        this.accounts = accounts;
    }

    void addTo(Routes.PageTable table) {
        table.add(Method.GET, "/assets/{file}", new Permission.Anybody(), "A file that pages refer to", this::asset);
        show(table, "/", VIEWER, "All databases", (request, _) -> overview.get());
        show(table, "/databases/{name}", VIEWER, "One database", (request, _) -> views.database(request));
        table.add(
                Method.GET,
                "/databases/{name}/charts/{chart}",
                VIEWER,
                "The values of a chart, as JSON",
                request -> Answer.json(views.chart(request)));
        show(table, "/runs", VIEWER, "The newest runs", (request, _) -> views.runs(request));
        show(table, "/runs/{run}", VIEWER, "One run", (request, _) -> views.run(request));
        table.add(Method.GET, "/runs/{run}/events", VIEWER, "One run as it goes on", this::live);
        show(table, "/approvals", VIEWER, "What waits for people", (request, visitor) -> views.approvals(visitor));
        show(table, "/schedule", VIEWER, "What happens by itself", (request, _) -> views.schedule());
        show(table, "/journal", VIEWER, "What happened", (request, _) -> views.journal(request));
        show(table, "/alerts", VIEWER, "What people are told", (request, _) -> views.alerts());
        show(
                table,
                "/account",
                VIEWER,
                "One's own tokens and sessions",
                (request, _) -> accounts.page(request, Optional.empty(), Optional.empty()));
        show(table, "/users", ADMIN, "Who may come in", (request, visitor) -> views.users(visitor, Optional.empty()));
        forms(table);
    }

    private void forms(Routes.PageTable table) {
        table.add(Method.POST, "/databases/{name}/backup", OPERATOR, "Take a backup", this::backup);
        table.add(Method.POST, "/databases/{name}/verify", OPERATOR, "Prove a backup", this::verify);
        table.add(Method.POST, "/databases/{name}/maintain", OPERATOR, "Maintain it", this::maintain);
        table.add(Method.POST, "/runs/{run}/cancel", OPERATOR, "Ask a run to stop", this::cancel);
        table.add(Method.POST, "/approvals/{request}/approve", APPROVER, "Agree", this::approve);
        table.add(Method.POST, "/journal/verify", VIEWER, "Hold the journal against its anchors", this::verifyJournal);
        table.add(Method.POST, "/alerts/{alert}/acknowledge", OPERATOR, "Take care of it", this::acknowledge);
        table.add(Method.POST, "/alerts/silence", OPERATOR, "Say nothing of it for a while", this::silence);
        table.add(Method.POST, "/alerts/silences/{silence}/end", OPERATOR, "End a silence", this::unsilence);
        table.add(Method.POST, "/account/tokens", ADMIN, "Make a token", this::createToken);
        table.add(Method.POST, "/account/tokens/{token}/revoke", ADMIN, "Revoke a token", this::revokeToken);
        table.add(Method.POST, "/account/password", VIEWER, "Set another password", accounts::password);
        table.add(Method.POST, "/account/sessions/{session}/end", VIEWER, "End a session", accounts::endSession);
        table.add(Method.POST, "/account/environment", VIEWER, "Say where one acts from", accounts::actFrom);
        table.add(Method.POST, "/users", ADMIN, "Let somebody in", this::addUser);
        table.add(Method.POST, "/users/{user}/remove", ADMIN, "Let somebody in no longer", this::removeUser);
    }

    @FunctionalInterface
    private interface View {
        Page of(Request request, Visitor visitor);
    }

    private void show(Routes.PageTable table, String path, Permission permission, String summary, View view) {
        table.add(
                Method.GET,
                path,
                permission,
                summary,
                request -> new Answer.Html(200, sheets.inside(request, view.of(request, request.visitor()))));
    }

    private Answer asset(Request request) {
        Assets.Asset asset =
                assets.find(request.context().path()).orElseThrow(() -> Rejection.notFound("there is no such file"));
        return new Answer.File(asset, Assets.CACHE_CONTROL);
    }

    private Answer live(Request request) {
        Pace pace = new Pace();
        return events.follow(
                request, "live", row -> sheets.live(request, RunPage.of(row, pace.lines(row.steps(), sheets.now()))));
    }

    private Answer backup(Request request) {
        Charter charter = corridor.charter();
        Charter.Database database = views.known(request.path("name"));
        Charter.BackupPlan plan = charter.backups().get(database.name());
        if (plan == null) {
            throw Rejection.invalid(
                    "the charter has no backup plan for '" + database.name() + "'",
                    "so there is no place for a backup",
                    "add backups." + database.name() + " to the charter");
        }
        return ask(request, new Operation.Backup(database.name(), plan.to()));
    }

    private Answer verify(Request request) {
        return ask(request, OperationBody.read("verify", with(request, "database", request.path("name"))));
    }

    private Answer maintain(Request request) {
        return ask(request, OperationBody.read("maintain", with(request, "database", request.path("name"))));
    }

    private Answer cancel(Request request) {
        return ask(
                request,
                new Operation.Cancel(request.run()),
                "/runs/" + request.run().text());
    }

    private Answer approve(Request request) {
        return ask(request, new Operation.Approve(request.path("request")), "/approvals");
    }

    private Answer verifyJournal(Request request) {
        return ask(request, new Operation.JournalVerify());
    }

    private Answer acknowledge(Request request) {
        return ask(
                request,
                OperationBody.read("alerts-acknowledge", with(request, "alert", request.path("alert"))),
                "/alerts");
    }

    private Answer silence(Request request) {
        Map<String, List<String>> fields = fields(request);
        List<String> hours = fields.remove("hours");
        if (hours == null || !hours.getFirst().matches("[1-9][0-9]{0,3}")) {
            throw Rejection.invalid("a silence needs a number of hours", "it ends by itself", "say how many");
        }
        fields.put("lasting", List.of("PT" + hours.getFirst() + "H"));
        return ask(request, OperationBody.read("alerts-silence", fields), "/alerts");
    }

    private Answer unsilence(Request request) {
        return ask(request, new ServingOperation.AlertUnsilence(request.path("silence")), "/alerts");
    }

    private Answer createToken(Request request) {
        String days = request.field("days");
        if (!days.matches("[1-9][0-9]{0,2}")) {
            throw Rejection.invalid("a token needs a number of days", "it ends by itself", "say how many, up to 366");
        }
        Map<String, List<String>> fields = fields(request);
        fields.remove("days");
        fields.put("user", List.of(request.visitor().person()));
        fields.put("lasting", List.of("PT" + Integer.parseInt(days) * 24 + "H"));
        fields.computeIfPresent("scope", (_, scope) -> List.of(scope.getFirst().toUpperCase(Locale.ROOT)));
        Operation operation = OperationBody.read("tokens-create", fields);
        Submitted submitted =
                submissions.submit(operation, request.visitor().asking(as(request), confirm(request)), LONG);
        if (submitted instanceof Submitted.Ended(Outcome.Done(var _, AccessReport.TokenCreate made))) {
            return new Answer.Html(
                    200,
                    sheets.inside(
                            request,
                            accounts.page(request, Optional.of(made.secret().reveal()), Optional.empty())));
        }
        return answer(request, operation, submitted);
    }

    private Answer revokeToken(Request request) {
        return ask(request, new AccessOperation.TokenRevoke(request.path("token")), "/account");
    }

    private Answer addUser(Request request) {
        Map<String, List<String>> fields = fields(request);
        fields.computeIfPresent("role", (_, role) -> List.of(role.getFirst().toUpperCase(Locale.ROOT)));
        Operation operation = OperationBody.read("users-add", fields);
        Submitted submitted =
                submissions.submit(operation, request.visitor().asking(as(request), confirm(request)), LONG);
        if (submitted instanceof Submitted.Ended(Outcome.Done(var _, AccessReport.UserAdd add))) {
            UsersPage.Invitation invitation =
                    new UsersPage.Invitation(add.user(), add.link().reveal(), add.expiresAt());
            return new Answer.Html(
                    200, sheets.inside(request, views.users(request.visitor(), Optional.of(invitation))));
        }
        return answer(request, operation, submitted);
    }

    private Answer removeUser(Request request) {
        return ask(request, new AccessOperation.UserRemove(request.path("user")), "/users");
    }

    /// What is shown once has to be waited for.
    private static final Duration LONG = Duration.ofSeconds(30);

    private Answer ask(Request request, Operation operation) {
        return answer(
                request,
                operation,
                submissions.submit(operation, request.visitor().asking(as(request), confirm(request)), PATIENCE));
    }

    /// The same of what takes no time.
    ///
    /// @param address where to go when it is done
    private Answer ask(Request request, Operation operation, String address) {
        Submitted submitted =
                submissions.submit(operation, request.visitor().asking(as(request), confirm(request)), PATIENCE);
        return submitted instanceof Submitted.Ended(Outcome.Done _)
                ? new Answer.Elsewhere(address)
                : answer(request, operation, submitted);
    }

    private static Optional<String> confirm(Request request) {
        return Optional.of(request.field("confirm")).filter(text -> !text.isBlank());
    }

    private static Optional<EnvironmentName> as(Request request) {
        return Request.environment(Optional.of(request.field("as")));
    }

    /// The fields that are the operation's.
    private static Map<String, List<String>> fields(Request request) {
        Map<String, List<String>> fields = new LinkedHashMap<>(request.form());
        fields.keySet().removeAll(List.of("csrf", "confirm", "as"));
        return fields;
    }

    private static Map<String, List<String>> with(Request request, String name, String value) {
        Map<String, List<String>> fields = fields(request);
        fields.put(name, List.of(value));
        return fields;
    }

    private Answer answer(Request request, Operation operation, Submitted submitted) {
        return switch (submitted) {
            case Submitted.GoesOn(var run) -> new Answer.Elsewhere("/runs/" + run);
            case Submitted.Ended(Outcome.Done done) -> new Answer.Elsewhere("/runs/" + done.run());
            case Submitted.Ended(Outcome.Failed(var run, var problem)) -> {
                if (corridor.readings().runs().find(run).isPresent()) {
                    yield new Answer.Elsewhere("/runs/" + run);
                }
                throw new Rejection(Rejection.status(problem.code()), problem, Map.of());
            }
            case Submitted.Ended(Outcome.Refused(var _, var reasons)) ->
                new Answer.Html(403, sheets.inside(request, refused(operation, reasons)));
            case Submitted.Ended(Outcome.Waiting waiting) ->
                new Answer.Html(409, sheets.inside(request, waiting(request, operation, waiting)));
        };
    }

    private static DecisionPage refused(Operation operation, List<Reason> reasons) {
        return new DecisionPage(
                OperationText.of(operation),
                DecisionPage.Kind.REFUSED,
                PageViews.reasons(reasons),
                Optional.empty(),
                Optional.empty());
    }

    private static DecisionPage waiting(Request request, Operation operation, Outcome.Waiting waiting) {
        Optional<DecisionPage.Again> again = waiting.decision() instanceof Decision.NeedsConfirmation confirmation
                ? Optional.of(again(request, confirmation.name()))
                : Optional.empty();
        return new DecisionPage(
                OperationText.of(operation),
                again.isPresent() ? DecisionPage.Kind.CONFIRM : DecisionPage.Kind.WAITING,
                PageViews.reasons(waiting.decision().reasons()),
                waiting.request(),
                again);
    }

    private static DecisionPage.Again again(Request request, String name) {
        Map<String, String> fields = new LinkedHashMap<>();
        request.form().forEach((key, values) -> {
            if (!List.of("csrf", "confirm").contains(key)) {
                fields.put(key, values.getFirst());
            }
        });
        return new DecisionPage.Again(name, request.context().path(), fields);
    }
}
