package io.pgcharter.entry.web;

import io.pgcharter.entry.web.Route.Handling;
import io.pgcharter.entry.web.Route.Kind;
import io.pgcharter.entry.web.Route.Method;
import io.pgcharter.entry.web.Route.Permission;
import io.pgcharter.model.operation.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The one table of all routes. What does not stand here is not served, and what stands here says whom it is open
/// to. That an operation is submitted by a viewer's route does not mean that viewers may: the guard judges each by
/// its own role, and journals the refusal.
final class Routes {
    private static final Permission ANYBODY = new Permission.Anybody();

    private final List<Route> table = new ArrayList<>();

    Routes(ReadingRoutes readings, OperationRoutes operations, RunEvents events, LoginRoutes logins, PageRoutes pages) {
        state(readings);
        reading(readings, events);
        asking(operations);
        door(logins);
        pages.addTo(this::page);
        get("/api/v1/openapi.json", Role.VIEWER, "This list, as OpenAPI 3.1", _ -> Answer.json(OpenApi.of(table)));
        requireDistinct();
    }

    /// All of them.
    List<Route> all() {
        return List.copyOf(table);
    }

    private void state(ReadingRoutes readings) {
        add(new Route(Method.GET, "/healthz", ANYBODY, Kind.API, "Whether the process lives", readings::alive));
        add(new Route(
                Method.GET,
                "/health/{name}",
                ANYBODY,
                Kind.API,
                "Whether applications may use a database: 503 while it is being released",
                readings::released));
        add(new Route(Method.GET, "/readyz", ANYBODY, Kind.API, "Whether it can serve", readings::ready));
        get("/metrics", Role.VIEWER, "What is known now, for Prometheus", readings::exposition);
    }

    private void reading(ReadingRoutes readings, RunEvents events) {
        get("/api/v1/me", Role.VIEWER, "Who asks, and as what", readings::me);
        get("/api/v1/charter", Role.VIEWER, "What the charter says, without secrets", readings::charter);
        get("/api/v1/databases", Role.VIEWER, "The databases, with what their checks come to", readings::databases);
        get("/api/v1/databases/{name}", Role.VIEWER, "One database, with verdicts and last runs", readings::database);
        get("/api/v1/health", Role.VIEWER, "What the checks last said, the worst first", readings::health);
        get("/api/v1/runs", Role.VIEWER, "The newest runs of all nodes", readings::runs);
        get("/api/v1/runs/{run}", Role.VIEWER, "One run", readings::run);
        get("/api/v1/runs/{run}/events", Role.VIEWER, "One run as it goes on, as server-sent events", events::json);
        get("/api/v1/approvals", Role.VIEWER, "What waits for people to agree", readings::approvals);
        get("/api/v1/journal", Role.VIEWER, "The last entries of the journal", readings::journal);
        get("/api/v1/schedule", Role.VIEWER, "What happens by itself", readings::schedule);
        get("/api/v1/alerts", Role.VIEWER, "What is wrong, and what is silenced", readings::alerts);
        get("/api/v1/inventory", Role.VIEWER, "The backups that repositories hold, as last seen", readings::inventory);
        get("/api/v1/metrics/{name}", Role.VIEWER, "What was measured of a database", readings::metrics);
        get("/api/v1/users", Role.ADMIN, "The users", readings::users);
        get("/api/v1/tokens", Role.ADMIN, "The tokens, without what they are known by", readings::tokens);
    }

    private void asking(OperationRoutes operations) {
        post("/api/v1/operations/{verb}", Role.VIEWER, "Ask for an operation", operations::submit);
        post("/api/v1/explain/{verb}", Role.VIEWER, "What the charter says to an operation", operations::explain);
        post("/api/v1/runs/{run}/cancel", Role.OPERATOR, "Ask a run to stop", operations::cancel);
        post("/api/v1/approvals/{request}/approve", Role.APPROVER, "Agree to what another asked", operations::approve);
    }

    private void door(LoginRoutes logins) {
        page(Method.GET, "/login", ANYBODY, "The form to log in by", logins::form);
        page(Method.POST, "/login", ANYBODY, "Log in", logins::login);
        page(Method.GET, "/login/oidc", ANYBODY, "Log in by the identity provider", logins::toProvider);
        page(Method.GET, "/login/oidc/callback", ANYBODY, "What the identity provider answers", logins::fromProvider);
        page(Method.GET, "/first/{token}", ANYBODY, "The form of the first link", logins::first);
        page(Method.POST, "/welcome", ANYBODY, "Set a password by the first link", logins::welcome);
        page(Method.POST, "/logout", new Permission.Needs(Role.VIEWER), "Log out", logins::logout);
    }

    private void get(String path, Role role, String summary, Handling handling) {
        add(new Route(Method.GET, path, new Permission.Needs(role), Kind.API, summary, handling));
    }

    private void post(String path, Role role, String summary, Handling handling) {
        add(new Route(Method.POST, path, new Permission.Needs(role), Kind.API, summary, handling));
    }

    private void page(Method method, String path, Permission permission, String summary, Handling handling) {
        add(new Route(method, path, permission, Kind.PAGE, summary, handling));
    }

    private void add(Route route) {
        table.add(route);
    }

    private void requireDistinct() {
        Set<String> seen = new HashSet<>();
        for (Route route : table) {
            if (!seen.add(route.method() + " " + route.path().replaceAll("\\{[a-z]+}", "{}"))) {
                throw new IllegalStateException("two routes for " + route.method() + " " + route.path());
            }
        }
    }

    /// Takes the pages' routes.
    @FunctionalInterface
    interface PageTable {
        void add(Method method, String path, Permission permission, String summary, Handling handling);
    }
}
