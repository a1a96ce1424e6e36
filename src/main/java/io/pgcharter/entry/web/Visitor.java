package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Role;
import java.util.Optional;

/// Who asks.
///
/// @param csrf what each of their forms must send back; empty for a program with a token, whose requests no foreign
/// page can make
/// @param key by which their requests are counted
/// @param chosen the environment they said once to act from
record Visitor(String person, Role role, Optional<String> csrf, String key, Optional<EnvironmentName> chosen) {

    /// @param environment they act from, if they say so with this request; else it is the one chosen before
    /// @param confirmation what they typed
    Asking asking(Optional<EnvironmentName> environment, Optional<String> confirmation) {
        return new Asking(new Actor(person, environment.or(() -> chosen), Optional.of(role)), confirmation);
    }
}
