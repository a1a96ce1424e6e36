package io.pgcharter.entry.cli;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.operation.Operation;

/// A step that the verb needed first, such as the listing that finds the latest backup, was not done.
final class NotDone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Operation operation;
    private final transient Outcome outcome;

    NotDone(Operation operation, Outcome outcome) {
        super(operation.verb());
        this.operation = operation;
        this.outcome = outcome;
    }

    Operation operation() {
        return operation;
    }

    Outcome outcome() {
        return outcome;
    }
}
