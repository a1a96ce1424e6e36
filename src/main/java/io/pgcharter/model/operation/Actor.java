package io.pgcharter.model.operation;

import io.pgcharter.model.id.EnvironmentName;
import java.util.Optional;

/// Who asks, and from where.
///
/// @param person login name as the operating system (or the dashboard's login) knows it
/// @param environment the environment the person acts from (`--as`); empty if none was named
public record Actor(String person, Optional<EnvironmentName> environment) {
    public Actor {
        if (person.isBlank()) {
            throw new IllegalArgumentException("an actor needs a name");
        }
    }
}
