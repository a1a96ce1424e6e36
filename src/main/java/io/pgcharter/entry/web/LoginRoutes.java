package io.pgcharter.entry.web;

import io.javalin.http.Context;
import io.pgcharter.entry.web.page.LoginPage;
import io.pgcharter.entry.web.page.WelcomePage;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.access.Logins;
import io.pgcharter.platform.access.People;
import io.pgcharter.platform.access.Person;
import io.pgcharter.policy.charter.WebPlan;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The door: logging in by password, by an identity provider, by the first link; and logging out.
final class LoginRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(LoginRoutes.class);

    /// Each takes a tenth of a second of a processor and 19 MiB, two at a time; more than these wait in vain.
    private static final int TRIES_AT_A_TIME_MAX = 30;

    private static final String WRONG = "This user and password do not go together";

    private final WebPlan plan;
    private final Doors doors;
    private final Cookies cookies;
    private final Sheets sheets;
    private final Optional<Oidc> oidc;
    private final LoginThrottle throttle = new LoginThrottle(System::nanoTime);
    private final Semaphore room = new Semaphore(TRIES_AT_A_TIME_MAX);

    LoginRoutes(WebPlan plan, Doors doors, Cookies cookies, Sheets sheets, Optional<Oidc> oidc) {
        this.plan = plan;
        this.doors = doors;
        this.cookies = cookies;
        this.sheets = sheets;
        this.oidc = oidc;
    }

    Answer form(Request request) {
        return form(request, 200, Optional.empty(), "", request.query("next").orElse("/"));
    }

    private Answer form(Request request, int status, Optional<String> message, String user, String next) {
        LoginPage page = new LoginPage(
                message,
                user,
                path(next),
                true,
                plan.oidc().map(provider -> String.valueOf(provider.issuer().getHost())));
        return new Answer.Html(status, sheets.outside(request, page));
    }

    Answer login(Request request) {
        String user = request.field("user");
        String next = request.field("next");
        Duration wait = throttle.waiting(user, request.address());
        if (!wait.isZero()) {
            long seconds = wait.toSeconds() + 1;
            request.context().header("Retry-After", Long.toString(seconds));
            return form(request, 429, Optional.of("Too many wrong passwords: wait " + seconds + " s"), user, next);
        }
        if (!proves(user, new Secret(request.field("password")))) {
            throttle.failed(user, request.address());
            LOG.warn("login refused: user {} from {}", shown(user), request.address());
            return form(request, 401, Optional.of(WRONG), user, next);
        }
        throttle.succeeded(user, request.address());
        enter(request.context(), doors.logins().begin(user, origin(request)), user);
        return new Answer.Elsewhere(path(next));
    }

    private boolean proves(String user, Secret password) {
        if (!room.tryAcquire()) {
            throw Rejection.tooMany("too many people log in right now", 5);
        }
        try {
            return Person.isName(user)
                    && password.reveal().length() <= 1000
                    && doors.people().proves(user, password);
        } finally {
            room.release();
        }
    }

    private static Logins.Origin origin(Request request) {
        String agent =
                Optional.ofNullable(request.context().header("User-Agent")).orElse("");
        return new Logins.Origin(request.address(), BrowserName.of(agent));
    }

    /// A login begins: what the browser had before, whoever gave it that, is worth nothing any more.
    private void enter(Context context, Secret login, String person) {
        cookies.login(context).ifPresent(doors.logins()::end);
        cookies.setLogin(context, login);
        LOG.info("login of {} from {}", person, context.ip());
    }

    Answer toProvider(Request request) {
        return provider().toProvider(request.context());
    }

    Answer fromProvider(Request request) {
        Oidc.Identity identity = provider().fromProvider(request.context());
        enter(
                request.context(),
                doors.logins().begin(identity.person(), identity.role(), origin(request)),
                identity.person());
        // Our cookie does not go along with a redirect that began at the provider's, so the browser starts anew from a
        // page
        // of ours.
        request.context().header("Refresh", "0;url=/");
        return new Answer.Text(200, "text/plain; charset=utf-8", "You are logged in.\n");
    }

    private Oidc provider() {
        return oidc.orElseThrow(() -> Rejection.notFound("the charter names no identity provider"));
    }

    Answer first(Request request) {
        return welcome(request, 200, Optional.empty(), request.path("token"));
    }

    private Answer welcome(Request request, int status, Optional<String> message, String token) {
        String user = doors.people().invited(token).orElseThrow(LoginRoutes::noLink);
        return new Answer.Html(status, sheets.outside(request, new WelcomePage(message, token, user)));
    }

    private static Rejection noLink() {
        return Rejection.notFound(
                "this link does not hold: it was used, or is older than " + People.LINK_HOLDS.toHours() + " hours");
    }

    Answer welcome(Request request) {
        String token = request.field("token");
        String password = request.field("password");
        if (!password.equals(request.field("again"))) {
            return welcome(request, 400, Optional.of("The two passwords differ"), token);
        }
        if (!People.isPassword(password)) {
            return welcome(
                    request, 400, Optional.of("A password has 12 to 200 characters, and not the same few"), token);
        }
        String person = doors.people().accept(token, new Secret(password)).orElseThrow(LoginRoutes::noLink);
        enter(request.context(), doors.logins().begin(person, origin(request)), person);
        return new Answer.Elsewhere("/");
    }

    Answer logout(Request request) {
        cookies.login(request.context()).ifPresent(doors.logins()::end);
        cookies.removeLogin(request.context());
        return new Answer.Elsewhere("/login");
    }

    /// A path of ours, so that nobody is led elsewhere by a link to the login.
    static String path(String next) {
        boolean isOurs = next.startsWith("/")
                && !next.startsWith("//")
                && next.length() <= 500
                && next.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\');
        return isOurs ? next : "/";
    }

    private static String shown(String user) {
        return Person.isName(user) ? user : "(no name)";
    }
}
