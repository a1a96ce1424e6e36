package io.pgcharter.platform.postgres;

import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One session with a PostgreSQL server over the frontend/backend protocol 3.0. Not thread-safe, except [#cancel()].
/// Every failure is a `ProblemException` with the server's message as its cause line.
public final class Session implements AutoCloseable {
    private Session() {}

    /// @param purpose shown in `pg_stat_activity.application_name` after `pgcharter `
    public static Session open(PostgresUrl url, String purpose) {
        throw new IllegalStateException("not built yet");
    }

    /// The server's major version, such as 15.
    public int serverMajor() {
        throw new IllegalStateException("not built yet");
    }

    /// A run-time parameter the server reported at start: `server_version`, `server_encoding`, `is_superuser`, …
    public String parameter(String name) {
        throw new IllegalStateException("not built yet");
    }

    /// Runs one statement with text parameters `$1`, `$2`, … and returns its rows; NULL is null.
    public List<Row> query(String sql, @Nullable String... parameters) {
        throw new IllegalStateException("not built yet");
    }

    /// Runs one or more statements without parameters (simple protocol) and drops their results.
    public void execute(String sql) {
        throw new IllegalStateException("not built yet");
    }

    /// Runs `COPY … TO STDOUT` and hands each row to `sink` as it arrives, without an object per row.
    ///
    /// @return number of rows the server says it sent
    public long copyOut(String sql, RowSink sink) {
        throw new IllegalStateException("not built yet");
    }

    /// Begins `COPY … FROM STDIN`.
    public CopyIn copyIn(String sql) {
        throw new IllegalStateException("not built yet");
    }

    /// Asks the server, on a connection of its own, to cancel what this session runs. Callable from any thread.
    public void cancel() {
        throw new IllegalStateException("not built yet");
    }

    @Override
    public void close() {
        throw new IllegalStateException("not built yet");
    }

    /// Takes the rows of a COPY: whole rows with their line feed, valid only during the call.
    @FunctionalInterface
    public interface RowSink {
        void row(byte[] buffer, int offset, int length);
    }

    /// A running COPY FROM. Write the bytes, then [#finish()]; closing without it makes the server roll the COPY back.
    public abstract static class CopyIn extends OutputStream {
        /// @return number of rows the server took
        public abstract long finish();
    }

    /// One row of an answer. Columns count from 0.
    public interface Row {
        @Nullable
        String text(int column);

        /// @throws IllegalStateException if the column is NULL
        String string(int column);

        long number(int column);

        boolean bool(int column);
    }
}
