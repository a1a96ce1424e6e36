package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.web.page.AccountPage;
import io.pgcharter.entry.web.page.AccountPage.Message;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.access.People;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One's own account: password, logins, and the environment one acts from.
final class AccountRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(AccountRoutes.class);

    private final Corridor corridor;
    private final Doors doors;
    private final Cookies cookies;
    private final Sheets sheets;
    private final LoginThrottle throttle = new LoginThrottle(System::nanoTime);

    AccountRoutes(Corridor corridor, Doors doors, Cookies cookies, Sheets sheets) {
        this.corridor = corridor;
        this.doors = doors;
        this.cookies = cookies;
        this.sheets = sheets;
    }

    /// @param fresh the token just made @param message what an attempt came to
    AccountPage page(Request request, Optional<String> fresh, Optional<Message> message) {
        Visitor visitor = request.visitor();
        List<AccountPage.Token> tokens = corridor.readings().tokens().all().stream()
                .filter(token -> token.person().equals(visitor.person()))
                .map(token -> new AccountPage.Token(
                        token.id(), token.name(), token.scope(), token.madeAt(), token.expiresAt(), token.usedAt()))
                .toList();
        List<AccountPage.Session> sessions =
                doors
                        .logins()
                        .sessions(
                                visitor.person(),
                                cookies.login(request.context()).orElse(""))
                        .stream()
                        .map(session -> new AccountPage.Session(
                                session.id(),
                                session.origin().address(),
                                session.origin().browser(),
                                session.begunAt(),
                                session.usedAt(),
                                session.own()))
                        .toList();
        boolean isLocal = corridor.readings().people().find(visitor.person()).isPresent();
        return new AccountPage(isLocal, tokens, sessions, fresh, message);
    }

    /// `POST /account/password`: who knows the present one sets another; their other logins end.
    Answer password(Request request) {
        String person = request.visitor().person();
        String shown = login(request);
        Duration wait = throttle.waiting(person, request.address());
        if (!wait.isZero()) {
            return said(request, 429, "Too many wrong passwords: wait " + (wait.toSeconds() + 1) + " s");
        }
        String next = request.field("new");
        if (!next.equals(request.field("again"))) {
            return said(request, 400, "The two new passwords differ");
        }
        if (!People.isPassword(next)) {
            return said(request, 400, "A password has 12 to 200 characters, and not the same few");
        }
        String present = request.field("password");
        Operation change = new AccessOperation.PasswordChange(
                person,
                Optional.of(new Secret(present)),
                Optional.empty(),
                new Secret(next),
                Optional.of(new Secret(shown)));
        if (!(corridor.submit(change, asking(request), Observer.none()) instanceof Outcome.Done)) {
            throttle.failed(person, request.address());
            LOG.warn("password of {} not changed from {}: the present one was wrong", person, request.address());
            return said(request, 403, "That is not your present password");
        }
        throttle.succeeded(person, request.address());
        LOG.info("password of {} changed from {}", person, request.address());
        return new Answer.Html(
                200,
                sheets.inside(
                        request,
                        page(
                                request,
                                Optional.empty(),
                                Optional.of(
                                        new Message(true, "Your password is changed; your other sessions ended")))));
    }

    private Answer said(Request request, int status, String text) {
        return new Answer.Html(
                status, sheets.inside(request, page(request, Optional.empty(), Optional.of(new Message(false, text)))));
    }

    /// `POST /account/sessions/{session}/end`: one of one's own.
    Answer endSession(Request request) {
        login(request);
        Operation end = new AccessOperation.Logout(request.visitor().person(), request.path("session"));
        if (!(corridor.submit(end, asking(request), Observer.none()) instanceof Outcome.Done)) {
            throw Rejection.notFound("you have no such session");
        }
        LOG.info("a session of {} ended from {}", request.visitor().person(), request.address());
        return new Answer.Elsewhere("/account");
    }

    private static Asking asking(Request request) {
        return request.visitor().asking(Optional.empty(), Optional.empty());
    }

    /// `POST /account/environment`: which environment this login acts from, until it ends.
    Answer actFrom(Request request) {
        String shown = login(request);
        Optional<EnvironmentName> chosen = Request.environment(Optional.of(request.field("environment")));
        chosen.filter(name -> !corridor.charter().environments().containsKey(name))
                .ifPresent(name -> {
                    throw Rejection.notFound("the charter has no such environment");
                });
        doors.logins().actFrom(shown, chosen.map(EnvironmentName::text));
        return new Answer.Elsewhere(cameFrom(request));
    }

    /// Path of the page the form was on.
    private static String cameFrom(Request request) {
        String referer =
                Optional.ofNullable(request.context().header("Referer")).orElse("/");
        try {
            URI page = URI.create(referer);
            String query = page.getRawQuery() == null ? "" : "?" + page.getRawQuery();
            return LoginRoutes.path(Optional.ofNullable(page.getRawPath()).orElse("/") + query);
        } catch (IllegalArgumentException e) {
            return "/";
        }
    }

    /// What the browser's cookie holds.
    ///
    /// @throws Rejection if whoever asks has a token in its place
    private String login(Request request) {
        return request.visitor()
                .csrf()
                .flatMap(_ -> cookies.login(request.context()))
                .orElseThrow(() -> Rejection.invalid(
                        "a token has no password and no session",
                        "this is for people who are logged in",
                        "log in with a browser; a program says 'as' with each request"));
    }
}
