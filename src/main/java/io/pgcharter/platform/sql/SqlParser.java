package io.pgcharter.platform.sql;

import com.dylibso.chicory.runtime.TrapException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Place;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Span;
import io.pgcharter.model.sql.Statement;
import io.pgcharter.model.sql.SyntaxError;
import io.pgcharter.model.sql.Token;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// PostgreSQL's own parser, version 18. Thread-safe: as many threads parse at a time as the machine has processors,
/// the others wait. Its memory stays for as long as it lives, some 35 MB for each of them.
///
/// Texts are at most [#BYTES_MOST] bytes of UTF-8.
public final class SqlParser {
    /// A text of SQL takes ten times its size as a tree, and a second for each 300 kB.
    public static final int BYTES_MOST = 8 * 1024 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Semaphore turns;

    /// Parsers without what makes fingerprints.
    private final Pool plain = new Pool(Trimming::withoutLargest);

    private final Pool whole = new Pool(bytes -> bytes);

    public SqlParser() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors()));
    }

    /// One that has read something: the first text of a new one takes longer than the others.
    public static SqlParser warm() {
        SqlParser parser = new SqlParser();
        parser.parse("SELECT");
        return parser;
    }

    /// @param most how many texts are parsed at a time
    SqlParser(int most) {
        this.turns = new Semaphore(most);
    }

    /// Parsers that are ready.
    private static final class Pool {
        private final UnaryOperator<byte[]> part;
        private final LinkedBlockingQueue<WasmParser> idle = new LinkedBlockingQueue<>();
        private @Nullable WasmModule module;

        Pool(UnaryOperator<byte[]> part) {
            this.part = part;
        }

        WasmParser take() {
            return Optional.ofNullable(idle.poll()).orElseGet(() -> new WasmParser(module()));
        }

        void giveBack(WasmParser parser) {
            idle.add(parser);
        }

        private synchronized WasmModule module() {
            if (module == null) {
                byte[] bytes = part.apply(stored());
                // What the build made of a module with the right checksum need not be validated again.
                module = Parser.builder().withValidation(false).build().parse(() -> new ByteArrayInputStream(bytes));
            }
            return module;
        }
    }

    private static byte[] stored() {
        try (InputStream stored = Objects.requireNonNull(
                SqlParser.class.getModule().getResourceAsStream("libpgquery/LibPgQuery.meta"),
                "the build puts the parser here")) {
            return stored.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the program's own files cannot be read", e);
        }
    }

    /// The statements of a text, or the first error in it.
    ///
    /// @throws ProblemException `SQL_INVALID` for a text that is too large, or nested too deeply for anyone
    public Parsed parse(String sql) {
        WasmParser.Answer answer = with(plain, sql, parser -> parser.parse(sql));
        return answer.tree() == null
                ? new Parsed.Broken(error(sql, Objects.requireNonNull(answer.refusal())))
                : new Parsed.Sql(script(sql, JSON.readTree(answer.tree())));
    }

    private static SyntaxError error(String sql, WasmParser.Refusal refusal) {
        int characters = Math.max(0, refusal.position() - 1);
        int offset = sql.codePointCount(0, sql.length()) <= characters
                ? sql.length()
                : sql.offsetByCodePoints(0, characters);
        Place place = Place.of(sql, offset);
        return new SyntaxError(refusal.message(), place, place.caret(sql));
    }

    private static Script script(String sql, JsonNode tree) {
        Offsets offsets = new Offsets(sql);
        List<Statement> statements = new ArrayList<>();
        for (JsonNode raw : tree.path("stmts")) {
            int start = raw.path("stmt_location").asInt(0);
            int length = raw.path("stmt_len").asInt(0);
            int from = offsets.of(start);
            int to = length == 0 ? sql.length() : offsets.of(start + length);
            statements.add(new Statement(Node.of(raw.path("stmt")), Blanks.trim(sql, new Span(from, to))));
        }
        return new Script(sql, statements);
    }

    /// The tokens of a text, comments included, in order.
    ///
    /// @throws ProblemException `SQL_INVALID` for a text that has none, such as one with a quote that never ends
    public List<Token> tokens(String sql) {
        String answer = with(plain, sql, parser -> parser.tokens(sql));
        if (!answer.startsWith("{")) {
            throw refused(answer);
        }
        Offsets offsets = new Offsets(sql);
        List<Token> tokens = new ArrayList<>();
        for (JsonNode token : JSON.readTree(answer).path("tokens")) {
            int start = offsets.of(token.path("start").asInt());
            tokens.add(new Token(
                    token.path("tokenName").asString(),
                    new Span(start, offsets.of(token.path("end").asInt()))));
        }
        return List.copyOf(tokens);
    }

    /// The body of each PL/pgSQL function that the statements of a text create, as PL/pgSQL's own parser reads it.
    ///
    /// @throws ProblemException `SQL_INVALID` with PL/pgSQL's words if it does not accept a body
    public List<Node> plpgsql(String sql) {
        String answer = with(plain, sql, parser -> parser.plpgsql(sql));
        if (!answer.startsWith("{")) {
            throw refused(answer);
        }
        return JSON.readTree(answer)
                .path("plpgsql_funcs")
                .valueStream()
                .map(Node::of)
                .toList();
    }

    /// Names what a statement does, whatever its literals, spaces and letters are: 16 hexadecimal digits.
    ///
    /// @throws ProblemException `SQL_INVALID` if it is no SQL
    public String fingerprint(String sql) {
        String answer = with(whole, sql, parser -> parser.fingerprint(sql));
        if (!answer.matches("[0-9a-f]{16}")) {
            throw refused(answer);
        }
        return answer;
    }

    /// The text with `$1`, `$2` … in the place of its literals.
    ///
    /// @throws ProblemException `SQL_INVALID` if it is no SQL
    public String normalized(String sql) {
        if (parse(sql) instanceof Parsed.Broken(var error)) {
            throw new ProblemException(error.problem("statement"));
        }
        return with(whole, sql, parser -> parser.normalized(sql));
    }

    private static ProblemException refused(String message) {
        return new ProblemException(new Problem(
                ProblemCode.SQL_INVALID,
                message,
                "PostgreSQL's parser, version 18, does not accept the text",
                "correct the text; psql shows the same error"));
    }

    private <T> T with(Pool pool, String sql, Function<WasmParser, T> work) {
        limit(sql);
        turns.acquireUninterruptibly();
        try {
            WasmParser parser = pool.take();
            T result = work.apply(parser);
            pool.giveBack(parser);
            return result;
        } catch (StackOverflowError | TrapException e) {
            // Its memory is in no known state: it is not used again.
            throw new ProblemException(
                    new Problem(
                            ProblemCode.SQL_INVALID,
                            "the text is nested too deeply to be parsed",
                            "the parser's stack is full",
                            "write it with fewer brackets inside brackets"),
                    e);
        } finally {
            turns.release();
        }
    }

    private static void limit(String sql) {
        if (Script.bytes(sql) > BYTES_MOST) {
            throw new ProblemException(new Problem(
                    ProblemCode.SQL_INVALID,
                    "the text has " + Script.bytes(sql) + " bytes, more than the " + BYTES_MOST + " that are parsed",
                    "a tree of it would take ten times as much memory",
                    "split it; rows belong into a seed or a COPY, not into a migration"));
        }
        if (sql.indexOf('\0') >= 0) {
            throw new ProblemException(new Problem(
                    ProblemCode.SQL_INVALID,
                    "the text holds a zero byte at " + Place.of(sql, sql.indexOf('\0')),
                    "PostgreSQL has no such text; the file may be UTF-16 or binary",
                    "store it as UTF-8"));
        }
    }
}
