package io.pgcharter.model.operation;

import java.util.Optional;

/// What a rule of lint says of one place of one file.
///
/// @param rule its name, such as `set-not-null`
/// @param file as it was asked for, or relative to the migrations' directory
/// @param line 1-based
/// @param column 1-based, in characters
/// @param source the line with a caret under the place
/// @param message what is there, with names
/// @param why it hurts
/// @param advice the safe way
/// @param sql the safe form of this statement, if there is one; steps that need transactions of their own are apart
/// by an empty line
public record LintFinding(
        String rule,
        Severity severity,
        String file,
        int line,
        int column,
        String source,
        String message,
        String why,
        String advice,
        Optional<String> sql) {
    /// How bad it is.
    public enum Severity {
        /// Worth knowing.
        NOTICE,
        /// May hurt.
        WARNING,
        /// Will hurt, on a table of some size or use.
        ERROR
    }

    public LintFinding withSeverity(Severity other, String said) {
        return new LintFinding(rule, other, file, line, column, source, said, why, advice, sql);
    }

    /// The same in another text.
    public LintFinding atLine(int other) {
        return new LintFinding(rule, severity, file, other, column, source, message, why, advice, sql);
    }
}
