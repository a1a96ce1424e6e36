package io.pgcharter.platform.access;

import io.pgcharter.model.operation.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/// Somebody who may use the dashboard and the API.
///
/// @param hasPassword whether the first link was used
/// @param seenAt of the last login
public record Person(String name, Role role, boolean hasPassword, Instant addedAt, Optional<Instant> seenAt) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._@+-]{0,127}");

    /// Whether somebody may be called so: as login names of a charter's approvers, but not as the schedule, whose runs
    /// nobody else may seem to have asked for.
    public static boolean isName(String text) {
        return NAME.matcher(text).matches() && !text.equals("schedule");
    }
}
