package io.pgcharter.entry.web;

import io.javalin.http.Context;
import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.web.page.LoginPage;
import io.pgcharter.entry.web.page.WelcomePage;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.AccessReport;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.access.Logins;
import io.pgcharter.platform.access.People;
import io.pgcharter.platform.access.Person;
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

    private final Corridor corridor;
    private final Doors doors;
    private final Cookies cookies;
    private final Sheets sheets;
    private final Optional<Oidc> oidc;
    private final LoginThrottle throttle = new LoginThrottle(System::nanoTime);
    private final Semaphore room = new Semaphore(TRIES_AT_A_TIME_MAX);

    LoginRoutes(Corridor corridor, Doors doors, Cookies cookies, Sheets sheets, Optional<Oidc> oidc) {
        this.corridor = corridor;
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
                corridor.charter()
                        .serving()
                        .web()
                        .oidc()
                        .map(provider -> String.valueOf(provider.issuer().getHost())));
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
        // What nobody is called may be a password in the wrong field: it is written down nowhere.
        boolean isKnown = Person.isName(user) && doors.people().find(user).isPresent();
        Optional<Secret> login =
                proven(request, isKnown ? user : AccessOperation.Login.NOBODY, new Secret(request.field("password")));
        if (login.isEmpty()) {
            throttle.failed(user, request.address());
            LOG.warn(
                    "login refused: user {} from {}", isKnown ? user : AccessOperation.Login.NOBODY, request.address());
            return form(request, 401, Optional.of(WRONG), user, next);
        }
        throttle.succeeded(user, request.address());
        enter(request.context(), login.get(), user);
        return new Answer.Elsewhere(path(next));
    }

    private Optional<Secret> proven(Request request, String user, Secret password) {
        if (!room.tryAcquire()) {
            throw Rejection.tooMany("too many people log in right now", 5);
        }
        try {
            return login(request, user, Optional.of(password), Optional.empty());
        } finally {
            room.release();
        }
    }

    /// @return what the cookie is to hold; empty if whoever asks is not let in
    private Optional<Secret> login(Request request, String user, Optional<Secret> password, Optional<Role> vouched) {
        String agent =
                Optional.ofNullable(request.context().header("User-Agent")).orElse("");
        AccessOperation.Login login =
                new AccessOperation.Login(user, password, vouched, request.address(), BrowserName.of(agent));
        return corridor.submit(login, asking(user), Observer.none())
                        instanceof Outcome.Done(var _, AccessReport.Login(var _, Secret shown))
                ? Optional.of(shown)
                : Optional.empty();
    }

    /// Whoever is not in yet has the least of roles.
    private static Asking asking(String user) {
        return new Asking(new Actor(user, Optional.empty(), Optional.of(Role.VIEWER)), Optional.empty());
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
        Secret login = login(request, identity.person(), Optional.empty(), Optional.of(identity.role()))
                .orElseThrow(() -> Rejection.tooMany("the login could not be written down", 5));
        enter(request.context(), login, identity.person());
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
        String person = doors.people().invited(token).orElseThrow(LoginRoutes::noLink);
        Secret chosen = new Secret(password);
        Operation change = new AccessOperation.PasswordChange(
                person, Optional.empty(), Optional.of(new Secret(token)), chosen, Optional.empty());
        if (!(corridor.submit(change, asking(person), Observer.none()) instanceof Outcome.Done)) {
            throw noLink();
        }
        Secret login =
                login(request, person, Optional.of(chosen), Optional.empty()).orElseThrow(LoginRoutes::noLink);
        enter(request.context(), login, person);
        return new Answer.Elsewhere("/");
    }

    Answer logout(Request request) {
        cookies.login(request.context()).ifPresent(this::leave);
        cookies.removeLogin(request.context());
        return new Answer.Elsewhere("/login");
    }

    private void leave(String shown) {
        Logins.Login login = doors.logins().find(shown).orElse(null);
        if (login != null) {
            String person = login.person();
            doors.logins().sessions(person, shown).stream()
                    .filter(Logins.Session::own)
                    .forEach(own -> corridor.submit(
                            new AccessOperation.Logout(person, own.id()), asking(person), Observer.none()));
        }
        doors.logins().end(shown);
    }

    /// A path of ours, so that nobody is led elsewhere by a link to the login.
    static String path(String next) {
        boolean isOurs = next.startsWith("/")
                && !next.startsWith("//")
                && next.length() <= 500
                && next.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\');
        return isOurs ? next : "/";
    }
}
