package io.pgcharter.entry.web;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.entry.web.page.Pages;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.access.Logins;
import io.pgcharter.platform.access.Opaque;
import io.pgcharter.policy.charter.WebPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Stands before every route: says what every answer says, finds out who asks, and lets through whom the route is open
/// to. What throws ends as one problem, in JSON or on a page. Thread-safe.
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    static final String TOKEN_HEADER = "X-CSRF-Token";
    private static final int STREAMS_MAX = 200;
    private static final String BEARER = "Bearer ";
    private static final long HSTS_SECONDS = 31_536_000;

    private final WebPlan plan;
    private final Doors doors;
    private final Cookies cookies;
    private final PageProblems pageProblems;
    private final CountDownLatch over;
    private final RateLimit rate = new RateLimit(100, 1000, System::nanoTime);
    private final Semaphore streams = new Semaphore(STREAMS_MAX);
    private final JsonMapper json = OutcomeJson.mapper(false);

    /// Draws a problem for people.
    @FunctionalInterface
    interface PageProblems {
        /// @param visitor who asked, if that is known
        String html(Context context, Optional<Visitor> visitor, int status, Problem problem);
    }

    /// @param over is down when the server stops
    Gate(WebPlan plan, Doors doors, Cookies cookies, PageProblems pageProblems, CountDownLatch over) {
        this.plan = plan;
        this.doors = doors;
        this.cookies = cookies;
        this.pageProblems = pageProblems;
        this.over = over;
    }

    /// What every answer says, whatever it answers.
    void dress(Context context) {
        context.header("Content-Security-Policy", Pages.CONTENT_SECURITY_POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "same-origin")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
                .header("Cache-Control", "no-store");
        if (plan.isSecure()) {
            context.header("Strict-Transport-Security", "max-age=" + HSTS_SECONDS);
        }
    }

    /// Serves one route.
    Handler handler(Route route) {
        return context -> {
            Optional<Visitor> visitor = Optional.empty();
            try {
                requireHost(context);
                boolean isOpen = route.permission() instanceof Route.Permission.Anybody;
                if (!isOpen) {
                    visitor = Optional.of(admitted(context, route));
                } else if (route.kind()
                        == Route.Kind.PAGE) { // whether the process lives is said without asking anybody
                    visitor = known(context);
                }
                Request request = new Request(context, visitor, address(context));
                if (route.method() != Route.Method.GET) {
                    requireFromHere(request);
                }
                write(context, route.handling().answer(request));
            } catch (Rejection e) {
                if (e.status() == 401 && route.kind() == Route.Kind.PAGE && route.method() == Route.Method.GET) {
                    write(context, new Answer.Elsewhere(loginAddress(context)));
                } else {
                    reject(context, route.kind(), visitor, e);
                }
            } catch (ProblemException e) {
                reject(context, route.kind(), visitor, rejection(e.problem()));
            } catch (JdbiException e) {
                LOG.warn("{} {}: the control database failed: {}", route.method(), route.path(), e.getMessage());
                reject(context, route.kind(), visitor, rejection(unavailable()));
            }
        };
    }

    private static Rejection rejection(Problem problem) {
        return new Rejection(Rejection.status(problem.code()), problem, Map.of());
    }

    private static Problem unavailable() {
        return new Problem(
                ProblemCode.STATE_UNAVAILABLE,
                "the control database cannot be asked",
                "it does not answer, or refused",
                "see that it runs; the log of 'pgcharter serve' says more");
    }

    /// A path that no route has, a method that its routes do not have, and the like.
    void unserved(HttpResponseException e, Context context) {
        String fact = switch (e.getStatus()) {
            case 404 -> "there is nothing at this address";
            case 405 -> "nothing at this address can be done by " + method(context);
            default -> "this request cannot be served";
        };
        ProblemCode code = e.getStatus() == 404 ? ProblemCode.NOT_FOUND : ProblemCode.REQUEST_INVALID;
        Problem problem = new Problem(
                code, fact, "the table of routes has no such one", "see docs/api.md, or /api/v1/openapi.json");
        reject(context, kind(context), Optional.empty(), new Rejection(e.getStatus(), problem, Map.of()));
    }

    /// A fault of our own: the log has it, whoever asked learns only that.
    void faulty(Throwable bug, Context context) {
        LOG.error("{} {} met a fault of our own", method(context), context.path(), bug);
        Problem problem = new Problem(
                ProblemCode.INTERNAL,
                "pgcharter met a fault of its own",
                bug.getClass().getSimpleName(),
                "report it with the log of 'pgcharter serve'");
        reject(context, kind(context), Optional.empty(), new Rejection(500, problem, Map.of()));
    }

    private static Route.Kind kind(Context context) {
        String path = context.path();
        return path.startsWith("/api/") || path.equals("/metrics") || path.endsWith("z")
                ? Route.Kind.API
                : Route.Kind.PAGE;
    }

    private static String method(Context context) {
        return context.method().name().toUpperCase(Locale.ROOT);
    }

    private void reject(Context context, Route.Kind kind, Optional<Visitor> visitor, Rejection rejection) {
        if (context.res().isCommitted()) {
            return;
        }
        rejection.headers().forEach(context::header);
        if (kind == Route.Kind.PAGE) {
            write(
                    context,
                    new Answer.Html(
                            rejection.status(),
                            pageProblems.html(context, visitor, rejection.status(), rejection.problem())));
        } else {
            if (rejection.status() == 401) {
                context.header("WWW-Authenticate", "Bearer realm=\"pgcharter\"");
            }
            write(context, new Answer.Json(rejection.status(), OutcomeJson.ofFailure(rejection.problem())));
        }
    }

    private Visitor admitted(Context context, Route route) {
        Visitor visitor = known(context).orElseThrow(() -> nobody(context));
        if (!rate.admits(visitor.key())) {
            throw Rejection.tooMany("too many requests by this login or token", 1);
        }
        Role needed = route.permission() instanceof Route.Permission.Needs(Role role) ? role : Role.ADMIN;
        if (!visitor.role().covers(needed)) {
            String has = visitor.role().name().toLowerCase(Locale.ROOT);
            throw Rejection.forbidden(
                    "'" + visitor.person() + "' is " + has + ", and this takes "
                            + needed.name().toLowerCase(Locale.ROOT),
                    "the role says what a person may do here",
                    "ask an admin: pgcharter users add " + visitor.person() + " --role "
                            + needed.name().toLowerCase(Locale.ROOT));
        }
        return visitor;
    }

    private static Rejection nobody(Context context) {
        boolean showed = context.header("Authorization") != null;
        return new Rejection(
                401,
                new Problem(
                        ProblemCode.LOGIN_NEEDED,
                        showed ? "this token opens nothing" : "nobody is logged in",
                        showed ? "it was revoked, its time is over, or it never was one" : "no login, no token",
                        showed ? "pgcharter tokens list" : "log in, or send 'Authorization: Bearer TOKEN'"),
                Map.of());
    }

    /// Who asks: by a token if there is one, else by the browser's cookie.
    private Optional<Visitor> known(Context context) {
        String authorization = context.header("Authorization");
        if (authorization != null) {
            return authorization.startsWith(BEARER)
                    ? doors.tokens()
                            .find(authorization.substring(BEARER.length()).strip())
                            .map(login -> visitor(login, Optional.empty(), authorization))
                    : Optional.empty();
        }
        return cookies.login(context)
                .flatMap(shown ->
                        doors.logins().find(shown).map(login -> visitor(login, Optional.of(csrf(shown)), shown)));
    }

    private static Visitor visitor(Logins.Login login, Optional<String> csrf, String shown) {
        return new Visitor(login.person(), login.role(), csrf, HexFormat.of().formatHex(Opaque.hash(shown), 0, 8));
    }

    /// What the forms of a login send back. It follows from the login's secret and does not lead back to it.
    static String csrf(String shown) {
        byte[] hash = Opaque.hash("csrf " + shown);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    /// Refuses what a page of somebody else makes a browser send. Browsers say where a request comes from
    /// (`Sec-Fetch-Site`, `Origin`), and our own pages know the login's token; each alone would do. Of a page
    /// with `Referrer-Policy: no-referrer` they say `Origin: null`, also to ourselves, so ours have another.
    private void requireFromHere(Request request) {
        Optional<Visitor> visitor = request.anyVisitor();
        if (visitor.isPresent() && visitor.get().csrf().isEmpty()) {
            return;
        }
        Context context = request.context();
        String site = context.header("Sec-Fetch-Site");
        String origin = context.header("Origin");
        boolean isForeignSite = site != null && !Set.of("same-origin", "none").contains(site);
        boolean isForeignOrigin = origin != null && !origin.equals(ownOrigin(context));
        if (isForeignSite || isForeignOrigin || (site == null && origin == null)) {
            throw Rejection.forbidden(
                    "the request does not come from a page of ours",
                    "a browser would send it for whatever page somebody visits",
                    "open the dashboard by the address that web.url of the charter says; programs use tokens");
        }
        if (visitor.isPresent()) {
            String expected = visitor.get().csrf().orElseThrow();
            String sent = context.header(TOKEN_HEADER);
            String given = sent != null ? sent : request.field("csrf");
            if (!MessageDigest.isEqual(
                    expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8))) {
                throw Rejection.forbidden(
                        "the form is not of this login",
                        "somebody logged in or out since the page was drawn",
                        "load the page again, then send it once more");
            }
        }
    }

    private String ownOrigin(Context context) {
        return plan.url()
                .map(Object::toString)
                .orElseGet(() -> (plan.isSecure() ? "https://" : "http://")
                        + Optional.ofNullable(context.header("Host")).orElse(""));
    }

    /// Refuses names that are not ours where we know them: a page whose name somebody lets lead here ("DNS rebinding")
    /// would otherwise be of our own origin.
    private void requireHost(Context context) {
        String host = Optional.ofNullable(context.header("Host")).orElse("");
        String bare = host.replaceFirst(":[0-9]{1,5}$", "");
        boolean isLoopback = Set.of("127.0.0.1", "localhost", "::1").contains(plan.host());
        boolean isOurs =
                plan.url().map(url -> bare.equalsIgnoreCase(url.getHost())).orElse(false)
                        || Set.of("127.0.0.1", "localhost", "[::1]").contains(bare);
        if (isLoopback && !plan.isBehindProxy() && !isOurs) {
            throw Rejection.forbidden(
                    "this is not the address of pgcharter",
                    "it listens on this machine alone, and the request names another",
                    "say in the charter how people reach it: web: { url: https://… }");
        }
    }

    /// Of the client; behind a proxy, as the proxy (the last one) says.
    private String address(Context context) {
        String forwarded = plan.isBehindProxy() ? context.header("X-Forwarded-For") : null;
        return forwarded == null
                ? context.ip()
                : forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
    }

    private static String loginAddress(Context context) {
        String query = context.queryString();
        String wanted = context.path() + (query == null ? "" : "?" + query);
        return wanted.equals("/")
                ? "/login"
                : "/login?next=" + java.net.URLEncoder.encode(wanted, StandardCharsets.UTF_8);
    }

    private void write(Context context, Answer answer) {
        switch (answer) {
            case Answer.Json(int status, Object document) ->
                context.status(status).contentType("application/json").result(json.writeValueAsBytes(document));
            case Answer.Html(int status, String text) ->
                context.status(status).contentType("text/html; charset=utf-8").result(text);
            case Answer.Text(int status, String type, String text) ->
                context.status(status).contentType(type).result(text);
            case Answer.File(var asset, String caching) ->
                context.header("Cache-Control", caching)
                        .contentType(asset.type())
                        .result(asset.content());
            case Answer.Elsewhere(String address) ->
                context.header("Location", address).status(303);
            case Answer.Events events -> stream(context, events);
        }
    }

    private void stream(Context context, Answer.Events events) {
        if (!streams.tryAcquire()) {
            throw Rejection.tooMany(STREAMS_MAX + " streams of events are open already", 10);
        }
        try {
            context.status(200).contentType("text/event-stream").header("X-Accel-Buffering", "no");
            events.source().accept(new EventStream(context.res().getOutputStream(), over));
        } catch (UncheckedIOException _) {
            // The client has gone; that is how a stream usually ends.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            streams.release();
        }
    }
}
