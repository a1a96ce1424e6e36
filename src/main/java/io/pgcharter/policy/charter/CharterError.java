package io.pgcharter.policy.charter;

/// One thing that is wrong with a charter, and where.
///
/// @param line from 1; @param column from 1, in code points
/// @param message what is wrong and what was expected, in one line without full stop; never shows a URL or a password
/// @param remedy what to change
public record CharterError(String file, int line, int column, String message, String remedy) {

    /// `charter.yaml:23:5: unknown environment "prd" — did you mean "prod"?`
    public String headline() {
        return file + ":" + line + ":" + column + ": " + message;
    }

    /// The headline, and the remedy on a line of its own; no trailing line break.
    public String text() {
        return headline() + "\n  remedy: " + remedy;
    }

    @Override
    public String toString() {
        return text();
    }
}
