package io.pgcharter.model.schema;

import java.util.List;

/// A script that was carried out on a scratch server: on a copy of the one schema, which was the other one
/// afterwards.
///
/// @param steps in order; whoever stops between two of them can begin anew, with a script from what is there then
/// @param losses what rows of the target would lose, as it was seen: tables, columns and sequences that are not the
/// ones
///     they were, and columns whose type is another
public record ProvenScript(List<Step> steps, List<String> losses) {
    /// Under which it was proven. Nobody waits long behind it, and bodies of functions may name what comes later.
    public static final String SETTINGS = "set lock_timeout = '5s';\nset search_path = '';\n"
            + "set check_function_bodies = off;\nset TimeZone = 'UTC';";

    public ProvenScript {
        steps = List.copyOf(steps);
        losses = List.copyOf(losses);
    }

    /// Statements, each with its semicolon.
    ///
    /// @param kind in which way they are carried out
    public record Step(Kind kind, List<String> statements) {
        public Step {
            statements = List.copyOf(statements);
        }

        public static Step quick(List<String> statements) {
            return new Step(Kind.QUICK, statements);
        }

        /// As a file for psql.
        String text() {
            String body = String.join("\n", statements) + "\n";
            return switch (kind) {
                case QUICK -> "begin;\n" + body + "commit;\n";
                case LONG -> body;
                case ALONE -> "set lock_timeout = '15min';\n" + body + "set lock_timeout = '5s';\n";
            };
        }
    }

    /// How a step is carried out.
    public enum Kind {
        /// In one transaction; none of its statements takes long.
        QUICK,
        /// One statement, which takes its time and keeps nobody from reading or writing.
        LONG,
        /// The same, and outside of transactions. It waits for those that are older than itself.
        ALONE
    }

    /// All of them, in order.
    public List<String> statements() {
        return steps.stream().flatMap(step -> step.statements().stream()).toList();
    }

    /// As a file for psql.
    public String text() {
        return SETTINGS + "\n" + String.join("", steps.stream().map(Step::text).toList());
    }
}
