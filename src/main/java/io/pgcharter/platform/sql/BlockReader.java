package io.pgcharter.platform.sql;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.sql.Block;
import io.pgcharter.model.sql.Block.Step;
import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Span;
import io.pgcharter.model.sql.Statement;
import io.pgcharter.model.sql.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what stands in the `DO` blocks of a script: statements, and constant texts that are executed. Their places are
/// those of the script. Thread-safe.
public final class BlockReader {
    private final SqlParser parser;

    public BlockReader(SqlParser parser) {
        this.parser = parser;
    }

    /// The blocks, by the span of their statement.
    ///
    /// @param words whether their tokens are wanted
    public Map<Span, Block> blocks(Script script, boolean words) {
        Map<Span, Block> blocks = new HashMap<>();
        for (Statement statement : script.statements()) {
            if (statement.node().is("DoStmt")) {
                blocks.put(statement.span(), block(script, statement, words));
            }
        }
        return Map.copyOf(blocks);
    }

    private Block block(Script script, Statement statement, boolean words) {
        String language = option(statement.node(), "language");
        if (!language.isEmpty() && !language.equals("plpgsql")) {
            return unread(statement, "a block in " + language);
        }
        Optional<Literal> body = body(script.textOf(statement), option(statement.node(), "as"));
        if (body.isEmpty()) {
            return unread(statement, "a block whose text has escapes");
        }
        int start = statement.span().start() + body.get().start();
        String text = body.get().aligned();
        String quote = "$pgcharter" + statement.span().start() + "$";
        try {
            List<Node> functions = parser.plpgsql("DO " + quote + text + quote);
            List<Step> steps = new ArrayList<>();
            BlockSteps reading = new BlockSteps(parser, script.text(), text, start);
            functions.forEach(function -> steps.addAll(reading.of(function.child("action"))));
            return new Block(steps, words ? shifted(parser.tokens(text), start) : List.of());
        } catch (ProblemException e) {
            return unread(
                    statement,
                    "a block that PL/pgSQL's parser does not accept: "
                            + e.problem().fact());
        }
    }

    private static String option(Node statement, String name) {
        return statement.list("args").stream()
                .filter(option -> option.text("defname").equals(name))
                .map(option -> option.child("arg").text("sval"))
                .findFirst()
                .orElse("");
    }

    private static Block unread(Statement statement, String what) {
        return new Block(List.of(new Step.Unread(statement.span(), what)), List.of());
    }

    /// The literal of the statement that holds the body.
    private Optional<Literal> body(String statement, String body) {
        return parser.tokens(statement).stream()
                .filter(token -> token.kind().equals("SCONST"))
                .flatMap(token -> Literal.at(statement, token.span()).stream())
                .filter(literal -> literal.content().equals(body))
                .findFirst();
    }

    private static List<Token> shifted(List<Token> tokens, int by) {
        return tokens.stream()
                .map(token -> new Token(
                        token.kind(),
                        new Span(token.span().start() + by, token.span().end() + by)))
                .toList();
    }
}
