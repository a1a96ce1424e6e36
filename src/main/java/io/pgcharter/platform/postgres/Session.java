package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One session with a PostgreSQL server over the frontend/backend protocol 3.0
/// (<https://www.postgresql.org/docs/current/protocol.html>). Not thread-safe, except [#cancel()].
/// Every failure is a `ProblemException` with the server's message as its cause line, SQLSTATE last; see
/// [#sqlState].
public final class Session implements AutoCloseable {
    private static final int PARAMETERS_MAX = 65_535;

    private final PostgresUrl url;
    private final Greeting greeting;
    private final Exchange exchange;

    private Session(PostgresUrl url, Greeting greeting) {
        this.url = url;
        this.greeting = greeting;
        this.exchange = new Exchange(url, greeting.wire(), greeting.parameters());
    }

    /// Connects and logs in within `connect_timeout` (10 s by default). Waits for the server have no limit
    /// afterwards; a peer that vanished is noticed by keep-alive in about two minutes. See [#limitSilence()].
    ///
    /// @param purpose shown in `pg_stat_activity.application_name` after `pgcharter `
    /// @throws ProblemException `SERVER_UNREACHABLE`, `LOGIN_REFUSED`, `TLS_REFUSED`, `CONNECTIONS_EXHAUSTED`
    public static Session open(PostgresUrl url, String purpose) {
        return new Session(url, Greeting.exchange(url, purpose));
    }

    /// The SQLSTATE of a problem that a server reported, such as `42P01`.
    public static Optional<String> sqlState(Problem problem) {
        return ServerError.sqlState(problem);
    }

    /// The server's major version, such as 15.
    public int serverMajor() {
        String version = parameter("server_version");
        int end = 0;
        while (end < version.length() && Character.isDigit(version.charAt(end))) {
            end++;
        }
        if (end == 0) {
            throw new ProblemException(
                    ProblemCode.VERSION_UNSUPPORTED,
                    "the server '" + url.server() + "' has the version '" + version + "'",
                    "a version of PostgreSQL begins with a number",
                    "connect to a server of PostgreSQL 14 or newer");
        }
        return Integer.parseInt(version.substring(0, end));
    }

    /// A run-time parameter the server reported at start: `server_version`, `server_encoding`, `is_superuser`, …
    ///
    /// @throws IllegalStateException if the server did not report it
    public String parameter(String name) {
        String value = exchange.parameters().get(name);
        if (value == null) {
            throw new IllegalStateException("the server reported no parameter '" + name + "'");
        }
        return value;
    }

    /// Where this session is connected to.
    public PostgresUrl url() {
        return url;
    }

    /// Whether the connection is encrypted.
    public boolean encrypted() {
        return greeting.wire().transport().serverCertificate().isPresent();
    }

    /// The certificate the server showed, if the connection is encrypted.
    public Optional<X509Certificate> serverCertificate() {
        return greeting.wire().transport().serverCertificate();
    }

    /// The server process's id, as in `pg_stat_activity.pid`.
    public int processId() {
        return greeting.processId();
    }

    /// From now on breaks the connection when the server neither takes nor sends a byte for `limit` while this side
    /// waits for it: `TIMED_OUT`. A statement that works in silence for longer is hit too. Zero means no limit.
    public void limitSilence(Duration limit) {
        greeting.wire().silence().limit(limit);
    }

    /// Bounds every wait from now on by the URL's `tcp_user_timeout`, milliseconds as in libpq, or by 5 minutes:
    /// for work in which bytes keep moving, such as a COPY.
    public void limitSilence() {
        limitSilence(new Dialer(url).silenceMax());
    }

    /// How soon a server stops working for a client that is gone: it looks every second whether the connection still
    /// is, and a machine that vanished is noticed within 30 + 3 × 10 seconds. `RESET ALL` takes it back.
    public void endWithClient() {
        try {
            execute("""
                    set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3;
                    set client_connection_check_interval = '1s'""");
        } catch (ProblemException unsupported) {
            // Not every system can look at a connection without reading from it; then it is noticed at the next row.
            if (sqlState(unsupported.problem()).isEmpty()) {
                throw unsupported;
            }
        }
    }

    /// The newest notices and warnings of the server, oldest first, at most 100; forgets them.
    public List<String> notices() {
        return exchange.drainNotices();
    }

    /// From now on hands each notice to `listener` as it comes, on the thread that waits for the answer; none is
    /// kept.
    public void hearNotices(Consumer<String> listener) {
        exchange.hearNotices(listener);
    }

    /// Runs one statement with text parameters `$1`, `$2`, … and returns its rows; NULL is null. The answer is held
    /// in memory: for many rows use [#copyOut].
    public List<Row> query(String sql, @Nullable String... parameters) {
        if (parameters.length > PARAMETERS_MAX) {
            throw new IllegalArgumentException("a statement takes at most " + PARAMETERS_MAX + " parameters");
        }
        exchange.begin(sql);
        Wire wire = greeting.wire();
        wire.begin('P').putString("").putString(sql).put16(0).endMessage();
        wire.begin('B').putString("").putString("").put16(0).put16(parameters.length);
        for (String parameter : parameters) {
            if (parameter == null) {
                wire.put32(-1);
            } else {
                byte[] text = parameter.getBytes(StandardCharsets.UTF_8);
                wire.put32(text.length).put(text);
            }
        }
        wire.put16(0).endMessage();
        wire.begin('E').putString("").put32(0).endMessage();
        wire.begin('S').endMessage();
        List<Row> rows = new ArrayList<>();
        exchange.send();
        exchange.untilReady(type -> {
            if (type == 'D') {
                rows.add(TextRow.read(wire));
            }
        });
        return rows;
    }

    /// Runs one or more statements without parameters (simple protocol) and drops their results.
    public void execute(String sql) {
        exchange.simpleQuery(sql);
        exchange.untilReady(_ -> {});
    }

    /// Runs one or more statements without parameters in one round trip (simple protocol): one transaction, unless
    /// they say otherwise. So `set local` holds for the statements behind it and for nothing else, also through a
    /// pooler.
    ///
    /// @return the rows of all of them, in order
    public List<Row> queryAll(String sql) {
        exchange.simpleQuery(sql);
        List<Row> rows = new ArrayList<>();
        exchange.untilReady(type -> {
            if (type == 'D') {
                rows.add(TextRow.read(greeting.wire()));
            }
        });
        return rows;
    }

    /// Runs one statement without parameters (simple protocol) whose columns are known by name only: what a pooler's
    /// console answers, which has more columns in every version.
    ///
    /// @return for each row its columns by name; those that are NULL are missing
    public List<Map<String, String>> queryByName(String sql) {
        exchange.simpleQuery(sql);
        List<String> names = new ArrayList<>();
        List<Map<String, String>> rows = new ArrayList<>();
        exchange.untilReady(type -> {
            switch (type) {
                case 'T' -> names.addAll(columnNames(greeting.wire()));
                case 'D' -> rows.add(byName(names, TextRow.read(greeting.wire())));
                default -> {
                    // What ends the answer says nothing more.
                }
            }
        });
        return rows;
    }

    /// What else RowDescription says of each column is passed by: table, position, type, its size and modifier,
    /// format.
    private static List<String> columnNames(Wire wire) throws IOException {
        List<String> names = new ArrayList<>();
        for (int column = wire.int16(); column > 0; column--) {
            names.add(wire.string());
            wire.int32();
            wire.int16();
            wire.int32();
            wire.int16();
            wire.int32();
            wire.int16();
        }
        return names;
    }

    private static Map<String, String> byName(List<String> names, Row row) {
        Map<String, String> columns = new HashMap<>();
        for (int column = 0; column < row.columns(); column++) {
            String text = row.text(column);
            if (text != null) {
                columns.put(names.get(column), text);
            }
        }
        return columns;
    }

    /// Runs `COPY … TO STDOUT` in text format and hands each row to `sink` as it arrives, without an object per
    /// row. If `sink` throws, the session is closed, which makes the server stop.
    ///
    /// @return number of rows the server says it sent
    public long copyOut(String sql, RowSink sink) {
        exchange.simpleQuery(sql);
        return new CopyOut(greeting.wire(), exchange).run(sink);
    }

    /// Begins `COPY … FROM STDIN` in text format. The session serves nothing else until it is finished or closed.
    public CopyIn copyIn(String sql) {
        exchange.simpleQuery(sql);
        exchange.untilCopyIn();
        return CopyStream.begin(greeting.wire(), exchange);
    }

    /// Asks the server, on a connection of its own, to cancel what this session runs. Callable from any thread. The
    /// statement then fails with `CANCELLED`, unless it was done first. If the server cannot be asked, the
    /// connection is given up, which ends the statement here at once, and there as soon as the server meets it.
    public void cancel() {
        exchange.cancelAsked();
        try {
            greeting.cancel(url);
        } catch (ProblemException unreachable) {
            // Whoever cancels has a reason to tell already; a lost connection meanwhile is none.
            exchange.abandon();
        }
    }

    /// Says good-bye and disconnects; an open transaction is rolled back. Closing again does nothing.
    @Override
    public void close() {
        exchange.close();
    }

    /// Takes the rows of a COPY: whole rows with their line feed, valid only during the call.
    @FunctionalInterface
    public interface RowSink {
        void row(byte[] buffer, int offset, int length);

        /// The longest row to hand on whole. One that is longer comes in stretches, so that it is never held whole.
        default int rowBytesMax() {
            return Integer.MAX_VALUE;
        }

        /// Takes a stretch of a row longer than [#rowBytesMax()].
        ///
        /// @param isLast whether the row ends with it, with its line feed
        default void stretch(byte[] buffer, int offset, int length, boolean isLast) {
            throw new IllegalStateException("this sink takes whole rows only");
        }
    }

    /// A running COPY FROM. Write the bytes, then [#finish()]; closing without it makes the server roll the COPY
    /// back. A failure of the server surfaces at the next write as `ProblemException`. Used by one thread.
    public abstract static class CopyIn extends OutputStream {
        /// @return number of rows the server took
        public abstract long finish();

        @Override
        public abstract void write(int single);

        @Override
        public abstract void write(byte[] bytes, int offset, int length);

        @Override
        public final void write(byte[] bytes) {
            write(bytes, 0, bytes.length);
        }

        @Override
        public abstract void flush();

        @Override
        public abstract void close();
    }

    /// One row of an answer. Columns count from 0.
    public interface Row {
        /// How many columns there are.
        int columns();

        @Nullable
        String text(int column);

        /// @throws IllegalStateException if the column is NULL
        String string(int column);

        /// @throws IllegalStateException if the column is NULL or not a whole number
        long number(int column);

        /// @throws IllegalStateException if the column is NULL or not a boolean
        boolean bool(int column);
    }

    /// A row as the server sent it, in text format.
    private static final class TextRow implements Row {
        private final @Nullable String[] columns;

        private TextRow(@Nullable String[] columns) {
            this.columns = columns;
        }

        static TextRow read(Wire wire) throws IOException {
            @Nullable String[] columns = new @Nullable String[wire.int16()];
            for (int column = 0; column < columns.length; column++) {
                int length = wire.int32();
                columns[column] = length < 0 ? null : wire.text(length);
            }
            return new TextRow(columns);
        }

        @Override
        public int columns() {
            return columns.length;
        }

        @Override
        public @Nullable String text(int column) {
            return columns[column];
        }

        @Override
        public String string(int column) {
            String text = columns[column];
            if (text == null) {
                throw new IllegalStateException("column " + column + " is NULL");
            }
            return text;
        }

        @Override
        public long number(int column) {
            try {
                return Long.parseLong(string(column));
            } catch (NumberFormatException other) {
                throw new IllegalStateException("column " + column + " is not a whole number", other);
            }
        }

        @Override
        public boolean bool(int column) {
            return switch (string(column)) {
                case "t", "true" -> true;
                case "f", "false" -> false;
                default -> throw new IllegalStateException("column " + column + " is not a boolean");
            };
        }

        @Override
        public String toString() {
            return Arrays.toString(columns);
        }
    }
}
