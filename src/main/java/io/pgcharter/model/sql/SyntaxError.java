package io.pgcharter.model.sql;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;

/// Why PostgreSQL's parser refuses a text.
///
/// @param message PostgreSQL's own words, such as `syntax error at or near "selct"`
/// @param place where in the text
/// @param caret the line of the text with a caret under the place
public record SyntaxError(String message, Place place, String caret) {
    /// @param file how a person knows the text, such as `migrations/0001_users.sql`
    public Problem problem(String file) {
        return new Problem(
                ProblemCode.SQL_INVALID,
                file + ":" + place + ": " + message + "\n" + caret.indent(2).stripTrailing(),
                "PostgreSQL's parser, version 18, does not accept it",
                "correct " + file + " at line " + place.line());
    }
}
