package io.pgcharter.entry.web.page;

import io.pgcharter.model.operation.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who may come in.
///
/// @param invitation the link that a new user sets a password by: shown this once
/// @param message what an attempt came to
public record UsersPage(List<User> users, Optional<Invitation> invitation, Optional<AccountPage.Message> message)
        implements Page {
    public UsersPage {
        users = List.copyOf(users);
    }

    @Override
    public String title() {
        return "Users";
    }

    @Override
    public String section() {
        return "users";
    }

    /// One user.
    ///
    /// @param origin how they prove who they are: `password`, `OpenID`
    /// @param own the visitor
    public record User(String name, Role role, String origin, Optional<Instant> seenAt, boolean own) {}

    /// @param link whole address
    public record Invitation(String user, String link, Instant until) {}
}
