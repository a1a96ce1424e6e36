package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Questions and answers after the login: sends a statement, walks through the answer up to ReadyForQuery, keeps
/// notices and parameter changes, and turns errors and broken connections into problems.
final class Exchange {
    private static final int NOTICES_MAX = 100;
    private static final int SHOWN_LENGTH_MAX = 80;

    private final PostgresUrl url;
    private final Wire wire;
    private final Map<String, String> parameters;
    private final ReentrantLock noticeLock = new ReentrantLock();
    private final Deque<String> notices = new ArrayDeque<>();
    private volatile @Nullable Consumer<String> listener;
    private volatile boolean cancelAsked;
    private volatile boolean closed;
    private boolean copying;
    private String statement = "";

    Exchange(PostgresUrl url, Wire wire, Map<String, String> parameters) {
        this.url = url;
        this.wire = wire;
        this.parameters = parameters;
    }

    /// Looks at one message of an answer; its body stands in the wire.
    @FunctionalInterface
    interface MessageSink {
        void message(int type) throws IOException;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    List<String> drainNotices() {
        noticeLock.lock();
        try {
            List<String> drained = List.copyOf(notices);
            notices.clear();
            return drained;
        } finally {
            noticeLock.unlock();
        }
    }

    void cancelAsked() {
        cancelAsked = true;
    }

    void begin(String sql) {
        if (closed) {
            throw new IllegalStateException("the session with '" + url + "' is closed");
        }
        if (copying) {
            throw new IllegalStateException("a COPY runs on the session with '" + url + "'");
        }
        statement = sql;
        cancelAsked = false;
    }

    void copying(boolean running) {
        copying = running;
    }

    void simpleQuery(String sql) {
        begin(sql);
        wire.begin('Q').putString(sql).endMessage();
        send();
    }

    void send() {
        try {
            wire.flush();
        } catch (IOException broken) {
            throw lost(broken);
        }
    }

    /// Walks to ReadyForQuery, then throws the server's first error, if there was one.
    void untilReady(MessageSink sink) {
        ServerError error = null;
        boolean wrongCopy = false;
        try {
            while (true) {
                int type = wire.next();
                switch (type) {
                    case 'Z' -> {
                        if (error != null) {
                            throw new ProblemException(problem(error));
                        }
                        if (wrongCopy) {
                            throw new IllegalStateException("a COPY must go through copyOut or copyIn: " + shown());
                        }
                        return;
                    }
                    case 'E' -> error = error(error);
                    case 'G' -> {
                        wrongCopy = true;
                        wire.begin('f')
                                .putString("no data follows")
                                .endMessage()
                                .flush();
                    }
                    case 'H' -> wrongCopy = true;
                    default -> {
                        if (!aside(type)) {
                            sink.message(type);
                        }
                    }
                }
            }
        } catch (IOException broken) {
            throw lost(broken);
        }
    }

    /// Walks to the server's request for COPY data.
    void untilCopyIn() {
        try {
            while (true) {
                int type = wire.next();
                if (type == 'G') {
                    return;
                }
                if (type == 'E') {
                    ServerError error = error(null);
                    untilReady(_ -> {});
                    throw new ProblemException(problem(error));
                }
                if (type == 'Z') {
                    throw new IllegalStateException("this is no COPY … FROM STDIN: " + shown());
                }
                aside(type);
            }
        } catch (IOException broken) {
            throw lost(broken);
        }
    }

    /// Reads an ErrorResponse; the first one of a statement counts. A fatal one ends the session at once.
    ServerError error(@Nullable ServerError earlier) throws IOException {
        ServerError error = ServerError.read(wire);
        if (error.fatal()) {
            abandon();
            throw new ProblemException(problem(error));
        }
        return earlier == null ? error : earlier;
    }

    /// Takes messages that may come at any time. @return whether this was one
    boolean aside(int type) throws IOException {
        return switch (type) {
            case 'N' -> {
                notice(ServerError.read(wire).text());
                yield true;
            }
            case 'S' -> {
                parameters.put(wire.string(), wire.string());
                yield true;
            }
            case 'A' -> true;
            default -> false;
        };
    }

    void hearNotices(Consumer<String> hearer) {
        listener = hearer;
    }

    private void notice(String text) {
        Consumer<String> hearer = listener;
        if (hearer != null) {
            hearer.accept(text);
            return;
        }
        noticeLock.lock();
        try {
            if (notices.size() == NOTICES_MAX) {
                notices.removeFirst();
            }
            notices.addLast(text);
        } finally {
            noticeLock.unlock();
        }
    }

    /// The number at the end of a command's tag, such as `COPY 12`; 0 if there is none.
    static long count(String tag) {
        String last = tag.substring(tag.lastIndexOf(' ') + 1);
        return last.matches("[0-9]{1,18}") ? Long.parseLong(last) : 0;
    }

    Problem problem(ServerError error) {
        return error.problem("a statement failed on '" + url + "': " + shown(), cancelAsked);
    }

    /// Gives the broken connection up and says so.
    ProblemException lost(IOException broken) {
        boolean silent = wire.silence().expired();
        boolean interrupted = Thread.currentThread().isInterrupted();
        abandon();
        if (interrupted) {
            return new ProblemException(
                    new Problem(
                            ProblemCode.CANCELLED,
                            "a statement was stopped on '" + url + "': " + shown(),
                            "its run was cancelled, and the connection was closed for it",
                            "run it again when it suits"),
                    broken);
        }
        if (silent) {
            return new ProblemException(
                    new Problem(
                            ProblemCode.TIMED_OUT,
                            "the server '" + url.server() + "' kept silent for "
                                    + wire.silence().limit().toSeconds() + " s during: " + shown(),
                            "the limit for this wait was reached and the connection closed",
                            "look at the server's load and the network, then run it again"),
                    broken);
        }
        return new ProblemException(
                new Problem(
                        ProblemCode.SERVER_UNREACHABLE,
                        "the connection to '" + url + "' broke during: " + shown(),
                        "" + (broken.getMessage() == null ? broken : broken.getMessage()),
                        "check that the server runs (its log says why it stopped) and the network, then run it again"),
                broken);
    }

    /// The statement's beginning on one line, up to the first word that may announce a password.
    private String shown() {
        String line = statement.strip().replaceAll("\\s+", " ");
        int password = line.toLowerCase(Locale.ROOT).indexOf("password");
        int length = Math.min(line.length(), SHOWN_LENGTH_MAX);
        if (password >= 0 && password < length) {
            length = password;
        }
        return "'" + line.substring(0, length) + (length < line.length() ? "…" : "") + "'";
    }

    /// Closes the connection without a word: the server ends the session when it notices.
    void abandon() {
        closed = true;
        try {
            wire.close();
        } catch (IOException gone) {
            // Nothing is left to be saved on this connection; what broke it is reported by the caller.
            closed = true;
        }
    }

    void close() {
        if (closed) {
            return;
        }
        try {
            if (!copying) {
                wire.begin('X').endMessage().flush();
            }
        } catch (IOException gone) {
            // The server is gone already, which is what closing wants.
            closed = true;
        } finally {
            abandon();
        }
    }
}
