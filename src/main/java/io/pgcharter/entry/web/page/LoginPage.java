package io.pgcharter.entry.web.page;

import java.util.Optional;

/// Who wants to come in.
///
/// @param message why the last attempt failed
/// @param user what was typed before
/// @param next the page to go to afterwards: a path
/// @param local whether users with passwords may log in
/// @param provider name of the OpenID provider, where the charter has one
public record LoginPage(Optional<String> message, String user, String next, boolean local, Optional<String> provider)
        implements Page {
    @Override
    public String title() {
        return "Log in";
    }
}
