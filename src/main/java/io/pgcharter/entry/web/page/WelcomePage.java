package io.pgcharter.entry.web.page;

import java.util.Optional;

/// The first time somebody comes in, by the link they were given: they choose a password.
///
/// @param message why the last attempt failed
/// @param token of the link
public record WelcomePage(Optional<String> message, String token, String user) implements Page {
    /// As the page asks for.
    public static final int PASSWORD_MIN = 12;

    @Override
    public String title() {
        return "Welcome";
    }
}
