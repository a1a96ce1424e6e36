package io.pgcharter.platform.meter;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.sql.LockMode;
import io.pgcharter.platform.postgres.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Measures a statement that cannot run in a transaction, from a session of its own: it looks at the locks of the
/// other one every few milliseconds while that works, and at files, WAL and the server's statistics before and
/// after. A lock that is held for less than that may go unseen.
public final class Onlooker {
    private static final long LOOK_MILLIS = 1;

    private final Session session;
    private final Session worker;

    /// @param session sees the other's locks and all tables' statistics
    /// @param worker outside of a transaction
    public Onlooker(Session session, Session worker) {
        this.session = session;
        this.worker = worker;
    }

    /// @param statement runs it on the worker
    public Measured measure(Runnable statement) {
        boolean flushes = flush();
        Relations before = Relations.read(session);
        Map<Long, Measured.Rows> rowsBefore = Relations.rows(session, "pg_stat_user_tables");
        long walBefore = Meter.wal(session);
        long begun = System.nanoTime();
        List<Lock> locks = looking(before, statement);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        long wal = Meter.wal(session) - walBefore;
        Optional<Map<String, Measured.Rows>> rows = flushes && flush()
                ? Optional.of(before.known(Relations.since(rowsBefore, Relations.rows(session, "pg_stat_user_tables"))))
                : Optional.empty();
        return new Measured(locks, before.rewritten(Relations.read(session), before), rows, wal, took);
    }

    /// Has the worker hand its statistics in. Before version 15 a collector is told of them sometime.
    private boolean flush() {
        if (worker.serverMajor() < 15) {
            return false;
        }
        worker.query("select pg_catalog.pg_stat_force_next_flush()");
        return true;
    }

    private List<Lock> looking(Relations before, Runnable statement) {
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Map<Long, Sight> seen = new HashMap<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> looks = executor.submit(() -> {
                try {
                    // The first question takes longer than the others: it is asked before there is anything to see.
                    before.held(session, worker.processId());
                } finally {
                    ready.countDown();
                }
                look(before, seen, done);
            });
            try {
                ready.await();
                statement.run();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted before a statement was measured", stopped);
            } finally {
                done.countDown();
                await(looks);
            }
        }
        List<Lock> locks = new ArrayList<>();
        seen.forEach((id, sight) ->
                locks.add(before.lock(id, sight.mode, Optional.of(Duration.ofNanos(sight.last - sight.first)))));
        return locks;
    }

    /// The strongest lock on a relation.
    ///
    /// @param first the look before the first one that found it
    /// @param last the look after the last one that found it, or that one itself
    /// @param found the last look that found it, or something weaker
    private record Sight(LockMode mode, long first, long last, long found) {
        Sight and(LockMode other, long before, long now) {
            if (other.compareTo(mode) > 0) {
                return new Sight(other, before, now, now);
            }
            return other == mode ? new Sight(mode, first, now, now) : this;
        }

        Sight until(long before, long now) {
            return found == before ? new Sight(mode, first, now, found) : this;
        }
    }

    private void look(Relations before, Map<Long, Sight> seen, CountDownLatch done) {
        long last = System.nanoTime();
        try {
            boolean over = false;
            while (!over) {
                // The last look is at one who has ended, and finds nothing.
                over = done.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                Map<Long, LockMode> held = before.held(session, worker.processId());
                long now = System.nanoTime();
                long then = last;
                seen.replaceAll((_, sight) -> sight.until(then, now));
                held.forEach((id, mode) ->
                        seen.merge(id, new Sight(mode, then, now, now), (old, _) -> old.and(mode, then, now)));
                last = now;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(Future<?> looks) {
        try {
            looks.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
