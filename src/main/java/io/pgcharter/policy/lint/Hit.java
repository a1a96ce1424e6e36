package io.pgcharter.policy.lint;

import io.pgcharter.model.operation.LintFinding.Severity;
import java.util.Optional;

/// That a rule found what it looks for.
///
/// @param message what is there, with names
/// @param sql the safe form, if the rule can write it
/// @param severity where it differs from the card's
public record Hit(Spot spot, String message, Optional<String> sql, Optional<Severity> severity) {
    public static Hit of(Spot spot, String message) {
        return new Hit(spot, message, Optional.empty(), Optional.empty());
    }

    /// @param safe empty for none
    public Hit withSql(String safe) {
        return safe.isEmpty() ? this : new Hit(spot, message, Optional.of(safe), severity);
    }

    public Hit as(Severity other) {
        return new Hit(spot, message, sql, Optional.of(other));
    }
}
