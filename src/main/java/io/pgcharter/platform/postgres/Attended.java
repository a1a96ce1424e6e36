package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.ProblemException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A statement that somebody waits for who may lose interest: then it is cancelled on the server, and has ended
/// there before the caller goes on.
public final class Attended {
    private static final long PAUSE_MILLIS = 200;

    private Attended() {}

    /// @param session on which `statement` works, and nothing else
    /// @param meanwhile called five times a second while it works; what it throws stops the statement and is
    ///     thrown
    public static <T> T call(Session session, Callable<T> statement, Runnable meanwhile) {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<T> work = executor.submit(statement);
            Optional<T> answer = answer(session, work);
            while (answer.isEmpty()) {
                try {
                    meanwhile.run();
                } catch (ProblemException stop) {
                    stop(session, work);
                    throw stop;
                }
                answer = answer(session, work);
            }
            return answer.get();
        }
    }

    /// As [#call], for what [Session#execute] takes.
    public static void execute(Session session, String sql, Runnable meanwhile) {
        boolean unused = call(
                session,
                () -> {
                    session.execute(sql);
                    return true;
                },
                meanwhile);
    }

    private static <T> Optional<T> answer(Session session, Future<T> work) {
        try {
            return Optional.of(work.get(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            session.cancel();
            throw new IllegalStateException("interrupted while the server works", e);
        }
    }

    private static void stop(Session session, Future<?> work) {
        boolean over = false;
        while (!over) {
            // Each time again: the statement may have begun just after it was cancelled.
            session.cancel();
            try {
                over = answer(session, work).isPresent();
            } catch (ProblemException _) {
                over = true;
            }
        }
    }
}
