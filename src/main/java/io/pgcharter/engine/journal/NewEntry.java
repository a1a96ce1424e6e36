package io.pgcharter.engine.journal;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Actor;

/// What is to be recorded.
///
/// @param operation the operation as JSON; @param details what was decided, or how it ended, as JSON
public record NewEntry(Step step, RunId run, String verb, String operation, Actor actor, String details) {}
