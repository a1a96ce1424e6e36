package io.pgcharter.engine.engine;

import io.pgcharter.model.operation.Actor;
import java.util.Optional;

/// Who asks, and what they have confirmed.
///
/// @param confirmation the name the person typed to confirm
public record Asking(Actor actor, Optional<String> confirmation) {}
