package io.pgcharter.policy.guard;

import io.pgcharter.policy.charter.Charter.Rule;

/// What one rule of the charter says to one operation.
sealed interface Ruling {
    Reason reason();

    /// The rule has nothing against it.
    record Passes(Reason reason) implements Ruling {}

    /// Only after the asker has typed `name`.
    record AsksConfirmation(String name, Reason reason) implements Ruling {}

    /// Only after other people have agreed.
    record AsksApproval(Rule.Approvals rule, Reason reason) implements Ruling {}

    /// Never.
    record Forbids(Reason reason) implements Ruling {}
}
