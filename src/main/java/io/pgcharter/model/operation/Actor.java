package io.pgcharter.model.operation;

import io.pgcharter.model.id.EnvironmentName;
import java.util.Optional;

/// Who asks, and from where.
///
/// @param person login name as the operating system (or the dashboard's login) knows it
/// @param environment the environment the person acts from (`--as`); empty if none was named
/// @param role what the dashboard or the API lets the person do; empty for whoever runs pgcharter on its machine, whom
/// the operating system has let in
public record Actor(String person, Optional<EnvironmentName> environment, Optional<Role> role) {
    public Actor {
        if (person.isBlank()) {
            throw new IllegalArgumentException("an actor needs a name");
        }
    }

    /// Whoever runs pgcharter on its machine.
    public Actor(String person, Optional<EnvironmentName> environment) {
        this(person, environment, Optional.empty());
    }
}
