package io.pgcharter.entry.web.page;

import io.pgcharter.model.operation.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One's own tokens and sessions.
///
/// @param local whether the visitor has a password here
/// @param fresh the token just made: shown this once
/// @param message what an attempt came to
public record AccountPage(
        boolean local, List<Token> tokens, List<Session> sessions, Optional<String> fresh, Optional<Message> message)
        implements Page {
    public AccountPage {
        tokens = List.copyOf(tokens);
        sessions = List.copyOf(sessions);
    }

    @Override
    public String title() {
        return "Account";
    }

    @Override
    public String section() {
        return "account";
    }

    /// One token.
    public record Token(
            String id, String name, Role scope, Instant madeAt, Instant expiresAt, Optional<Instant> usedAt) {}

    /// One login.
    ///
    /// @param from the address it came from
    /// @param browser as it calls itself
    /// @param own the one that looks at the page
    public record Session(String id, String from, String browser, Instant begunAt, Instant seenAt, boolean own) {}

    /// @param good whether it is a success
    public record Message(boolean good, String text) {}
}
