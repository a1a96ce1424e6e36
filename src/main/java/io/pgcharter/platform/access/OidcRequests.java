package io.pgcharter.platform.access;

import io.pgcharter.platform.state.State;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// Logins that an identity provider has been asked for. Each is answered once, by the browser that asked; any node may
/// hear the answer. Thread-safe.
public final class OidcRequests {
    /// How long a person has to log in there.
    public static final Duration HOLDS = Duration.ofMinutes(10);

    private static final int OPEN_MAX = 10_000;

    private final Jdbi jdbi;

    public OidcRequests(State state) {
        this.jdbi = state.jdbi();
    }

    /// What must come back, or be proven, with the answer.
    public record Request(String nonce, String verifier) {}

    /// Keeps a request, unless there are very many: whoever has no login can make them.
    ///
    /// @param browser what the browser's cookie holds
    public void enter(String state, String browser, Request request) {
        jdbi.useTransaction(handle -> {
            handle.execute("DELETE FROM pgcharter.oidc_request WHERE expires_at < clock_timestamp()");
            handle.createUpdate("""
                    INSERT INTO pgcharter.oidc_request (state, browser, nonce, verifier, expires_at)
                    SELECT :state, :browser, :nonce, :verifier, clock_timestamp() + :seconds * interval '1 second'
                    WHERE (SELECT count(*) FROM pgcharter.oidc_request) < :most""")
                    .bind("state", Opaque.hash(state))
                    .bind("browser", Opaque.hash(browser))
                    .bind("nonce", request.nonce())
                    .bind("verifier", request.verifier())
                    .bind("seconds", HOLDS.toSeconds())
                    .bind("most", OPEN_MAX)
                    .execute();
        });
    }

    /// Takes the request away that is answered now; empty if there is none of that state and browser.
    public Optional<Request> take(String state, String browser) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                DELETE FROM pgcharter.oidc_request
                WHERE state = :state AND browser = :browser AND expires_at > clock_timestamp()
                RETURNING nonce, verifier""")
                .bind("state", Opaque.hash(state))
                .bind("browser", Opaque.hash(browser))
                .map(row -> new Request(row.getColumn(1, String.class), row.getColumn(2, String.class)))
                .findOne());
    }
}
