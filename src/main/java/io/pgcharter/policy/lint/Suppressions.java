package io.pgcharter.policy.lint;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.model.sql.Block;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Span;
import io.pgcharter.model.sql.Statement;
import io.pgcharter.model.sql.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Comments `-- pgcharter:allow RULE because REASON`, directly above a statement or within it.
final class Suppressions {
    static final String MARK = "pgcharter:allow";

    private static final Pattern FORM =
            Pattern.compile(MARK + "(?:\\s+([a-z]+(?:-[a-z]+)*))?(?:\\s+because\\s+(\\S.*?))?\\s*(?:\\*/)?\\s*$");

    static final Card WITHOUT_REASON = new Card(
            "suppression-without-reason",
            Severity.ERROR,
            "a comment `pgcharter:allow` without a rule and `because` with a reason",
            "Who reads the file later does not learn why the risk was taken.",
            "Write: -- pgcharter:allow RULE because REASON",
            """
            -- pgcharter:allow drop-table
            DROP TABLE parts;
            """,
            """
            -- pgcharter:allow drop-table because nobody has read it since release 12
            DROP TABLE parts;
            """);

    static final Card UNKNOWN_RULE = new Card(
            "suppression-of-unknown-rule",
            Severity.ERROR,
            "a comment `pgcharter:allow` that names no rule of lint",
            "It allows nothing, and looks as if it did.",
            "Use a name of docs/lint.md.",
            """
            -- pgcharter:allow dropping-tables because nobody reads it
            DROP TABLE parts;
            """,
            """
            -- pgcharter:allow drop-table because nobody reads it
            DROP TABLE parts;
            """);

    static final Card UNUSED = new Card(
            "suppression-unused",
            Severity.NOTICE,
            "a comment `pgcharter:allow` for what the rule does not find",
            "What it was for has changed; it would hide the next one.",
            "Remove the comment.",
            """
            -- pgcharter:allow drop-table because nobody reads it
            CREATE VIEW part_names AS SELECT name FROM parts;
            """,
            """
            CREATE VIEW part_names AS SELECT name FROM parts;
            """);

    static final List<Card> CARDS = List.of(WITHOUT_REASON, UNKNOWN_RULE, UNUSED);

    /// One that is in order.
    record Suppression(Statement statement, String rule, Span comment) {}

    private final SqlFile file;
    private final Script script;
    private final Set<String> rules;
    private final List<Suppression> good = new ArrayList<>();
    private final List<Complaint> complaints = new ArrayList<>();

    /// What is wrong with one.
    record Complaint(Card card, Span comment, String message) {}

    /// @param rules the names of all rules
    Suppressions(SqlFile file, Script script, Set<String> rules) {
        this.file = file;
        this.script = script;
        this.rules = rules;
        file.allWords().filter(Token::isComment).forEach(this::read);
    }

    List<Complaint> complaints() {
        return List.copyOf(complaints);
    }

    List<Suppression> all() {
        return List.copyOf(good);
    }

    private void read(Token comment) {
        String text = comment.span().of(file.text());
        if (!text.contains(MARK)) {
            return;
        }
        Matcher matcher = FORM.matcher(text);
        String rule = matcher.find() ? matcher.group(1) : null;
        String reason = rule == null ? null : matcher.group(2);
        if (rule == null || reason == null) {
            complaints.add(new Complaint(
                    WITHOUT_REASON, comment.span(), "'" + text.strip() + "' does not say what is allowed, and why"));
        } else if (!rules.contains(rule)) {
            complaints.add(new Complaint(UNKNOWN_RULE, comment.span(), "there is no rule '" + rule + "'"));
        } else {
            script.statements().stream()
                    .filter(statement -> statement.span().end() > comment.span().start())
                    .filter(statement -> belongs(comment, statement))
                    .findFirst()
                    .map(statement -> within(comment, statement))
                    .ifPresentOrElse(
                            statement -> good.add(new Suppression(statement, rule, comment.span())),
                            () -> complaints.add(new Complaint(
                                    UNUSED, comment.span(), "no statement follows directly on the comment")));
        }
    }

    /// In a `DO` block, the statement of the block that it belongs to, if there is one.
    private Statement within(Token comment, Statement statement) {
        if (comment.span().start() < statement.span().start()) {
            return statement;
        }
        return file.block(statement).map(Block::statements).orElse(List.of()).stream()
                .filter(inner -> inner.span().end() > comment.span().start())
                .filter(inner -> belongs(comment, inner))
                .findFirst()
                .orElse(statement);
    }

    /// Within it, on the line that it ends on, or above it with nothing but comments between.
    private boolean belongs(Token comment, Statement statement) {
        int start = statement.span().start();
        if (comment.span().start() >= start) {
            return true;
        }
        String between = file.text().substring(comment.span().end(), start);
        return !between.matches("(?s).*\\n\\s*\\n.*");
    }
}
