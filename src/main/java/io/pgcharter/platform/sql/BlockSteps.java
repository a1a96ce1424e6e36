package io.pgcharter.platform.sql;

import io.pgcharter.model.sql.Block.Step;
import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Span;
import io.pgcharter.model.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Walks the tree that PL/pgSQL's parser makes of a body, and finds each statement's place again: the tree has lines,
/// and texts as they are written. Statements are met in the order of the text. Not thread-safe.
final class BlockSteps {
    private final SqlParser parser;
    private final String script;
    private final String body;
    private final int start;
    private int read;
    private int counted;
    private int bytes;

    /// @param start of the body within the script
    BlockSteps(SqlParser parser, String script, String body, int start) {
        this.parser = parser;
        this.script = script;
        this.body = body;
        this.start = start;
    }

    List<Step> of(Node statement) {
        return switch (statement.kind()) {
            case "PLpgSQL_stmt_block" -> block(statement);
            case "PLpgSQL_stmt_if" ->
                ways(Stream.concat(
                        Stream.concat(
                                Stream.of(statement.list("then_body")),
                                statement.list("elsif_list").stream().map(other -> other.list("stmts"))),
                        Stream.of(statement.list("else_body"))));
            case "PLpgSQL_stmt_case" ->
                ways(Stream.concat(
                        statement.list("case_when_list").stream().map(when -> when.list("stmts")),
                        Stream.of(statement.list("else_stmts"))));
            case "PLpgSQL_stmt_loop",
                    "PLpgSQL_stmt_while",
                    "PLpgSQL_stmt_fori",
                    "PLpgSQL_stmt_fors",
                    "PLpgSQL_stmt_forc",
                    "PLpgSQL_stmt_foreach_a" -> ways(Stream.of(statement.list("body")));
            case "PLpgSQL_stmt_dynfors" ->
                Stream.concat(executed(statement).stream(), ways(Stream.of(statement.list("body"))).stream())
                        .toList();
            case "PLpgSQL_stmt_execsql" -> sql(statement, statement.child("sqlstmt"));
            case "PLpgSQL_stmt_perform" -> performed(statement);
            case "PLpgSQL_stmt_call" -> sql(statement, statement.child("expr"));
            case "PLpgSQL_stmt_dynexecute" -> executed(statement);
            case "PLpgSQL_stmt_commit" -> parsed(place(statement, "COMMIT"), "COMMIT");
            case "PLpgSQL_stmt_rollback" -> parsed(place(statement, "ROLLBACK"), "ROLLBACK");
            // What computes, fetches, returns or raises changes nothing that is judged.
            default -> List.of();
        };
    }

    /// What stands after a way that may leave the block is itself taken or not.
    private List<Step> list(List<Node> statements) {
        List<Step> steps = new ArrayList<>();
        List<Step> rest = steps;
        for (int at = 0; at < statements.size(); at++) {
            rest.addAll(of(statements.get(at)));
            boolean leaves = statements.get(at).descendants().anyMatch(node -> node.is("PLpgSQL_stmt_return"));
            if (leaves) {
                List<Step> after = list(statements.subList(at + 1, statements.size()));
                if (!after.isEmpty()) {
                    rest.add(new Step.Way(after));
                }
                return steps;
            }
        }
        return steps;
    }

    private List<Step> block(Node block) {
        Node handlers = block.child("exceptions");
        List<Step> steps = list(block.list("body"));
        if (!handlers.isPresent()) {
            return steps;
        }
        List<Step> guarded = new ArrayList<>();
        if (!steps.isEmpty()) {
            guarded.add(new Step.Way(steps));
        }
        guarded.addAll(ways(handlers.list("exc_list").stream().map(handler -> handler.list("action"))));
        return guarded;
    }

    private List<Step> ways(Stream<List<Node>> branches) {
        List<Step> ways = new ArrayList<>();
        branches.map(this::list).filter(steps -> !steps.isEmpty()).forEach(steps -> ways.add(new Step.Way(steps)));
        return ways;
    }

    private List<Step> sql(Node statement, Node expression) {
        String query = expression.text("query");
        return parsed(place(statement, query), query);
    }

    /// PL/pgSQL makes SELECT, which is a letter shorter, of PERFORM.
    private List<Step> performed(Node statement) {
        String query = statement.child("expr").text("query");
        String written = query.replaceFirst("^SELECT", "PERFORM");
        int place = place(statement, written);
        return parsed(place, " " + query).stream()
                .map(step -> step instanceof Step.Sql(Statement one)
                        ? new Step.Sql(new Statement(one.node(), span(place, written)))
                        : step)
                .toList();
    }

    /// EXECUTE of a constant is what the constant says.
    private List<Step> executed(Node statement) {
        String expression = statement.child("query").text("query").strip();
        int place = place(statement, expression);
        Optional<Literal> constant = Literal.at(expression, new Span(0, expression.length()));
        if (constant.isEmpty() || !body.startsWith(expression, place - start)) {
            return List.of(new Step.Unread(span(place, expression), "SQL that is put together when it runs"));
        }
        return parsed(place + constant.get().start(), constant.get().aligned());
    }

    /// Where the text of a statement begins in the script.
    private int place(Node statement, String text) {
        int from = Math.max(read, lineStart(statement.number("lineno")));
        int at = body.indexOf(text, from);
        if (at < 0) {
            // PL/pgSQL puts spaces in the place of INTO and its target; letters may be small ones.
            String first = text.strip().split("\\s", 2)[0];
            at = indexOfIgnoringCase(first, from);
        }
        at = at < 0 ? from : at;
        read = Math.min(body.length(), at + 1);
        return start + at;
    }

    private int indexOfIgnoringCase(String word, int from) {
        for (int at = from; at + word.length() <= body.length(); at++) {
            if (body.regionMatches(true, at, word, 0, word.length())) {
                return at;
            }
        }
        return -1;
    }

    private int lineStart(long line) {
        int at = 0;
        for (long passed = 1; passed < line; passed++) {
            int end = body.indexOf('\n', at);
            if (end < 0) {
                return at;
            }
            at = end + 1;
        }
        return at;
    }

    /// The statements of a text that stands in the script.
    private List<Step> parsed(int place, String text) {
        return switch (parser.parse(text)) {
            case Parsed.Sql(Script found) ->
                found.statements().stream()
                        .map(one -> step(new Statement(
                                one.node().within(bytesBefore(place)),
                                new Span(
                                        Math.min(script.length(), one.span().start() + place),
                                        Math.min(script.length(), one.span().end() + place)))))
                        .toList();
            case Parsed.Broken(var error) ->
                List.of(new Step.Unread(span(place, text), "what the parser does not accept: " + error.message()));
        };
    }

    /// Places mostly come in their order: what was counted is not counted again.
    private int bytesBefore(int place) {
        if (place < counted) {
            counted = 0;
            bytes = 0;
        }
        bytes += Script.bytes(script.substring(counted, place));
        counted = place;
        return bytes;
    }

    private static Step step(Statement statement) {
        return statement.node().is("DoStmt")
                ? new Step.Unread(statement.span(), "a block within a block")
                : new Step.Sql(statement);
    }

    private Span span(int place, String text) {
        return new Span(place, Math.min(script.length(), place + text.length()));
    }
}
