package io.pgcharter.model.sql;

import java.util.ArrayList;
import java.util.List;

/// What a `DO` block does, as far as its text tells before it runs.
///
/// @param steps in the order of the text
/// @param words its tokens, comments included; places are those of the script
public record Block(List<Step> steps, List<Token> words) {
    public Block {
        steps = List.copyOf(steps);
        words = List.copyOf(words);
    }

    /// One part of a block.
    public sealed interface Step {
        /// A statement that runs when its turn comes.
        record Sql(Statement statement) implements Step {}

        /// Steps that may be taken or not, once or often: a branch, a loop, what an exception may undo.
        record Way(List<Step> steps) implements Step {
            public Way {
                steps = List.copyOf(steps);
            }
        }

        /// SQL that is not known before it runs, or that the parser does not accept.
        ///
        /// @param what it is, for people
        record Unread(Span span, String what) implements Step {}
    }

    /// The statements of all steps, in the order of the text.
    public List<Statement> statements() {
        List<Statement> statements = new ArrayList<>();
        collect(steps, statements, new ArrayList<>());
        return List.copyOf(statements);
    }

    public List<Step.Unread> unread() {
        List<Step.Unread> unread = new ArrayList<>();
        collect(steps, new ArrayList<>(), unread);
        return List.copyOf(unread);
    }

    private static void collect(List<Step> steps, List<Statement> statements, List<Step.Unread> unread) {
        for (Step step : steps) {
            switch (step) {
                case Step.Sql(Statement statement) -> statements.add(statement);
                case Step.Way(List<Step> taken) -> collect(taken, statements, unread);
                case Step.Unread one -> unread.add(one);
            }
        }
    }
}
