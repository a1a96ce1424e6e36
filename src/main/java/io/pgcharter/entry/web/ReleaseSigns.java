package io.pgcharter.entry.web;

import io.pgcharter.model.id.DatabaseName;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/// Whether applications are to stay away from a database, as far as it is known. Whoever probes does not wait for
/// long: what cannot be asked within a second is as it was last known, and what was never known is open. A control
/// database that is away is no reason to keep applications from theirs. Thread-safe; one question a database at
/// once.
final class ReleaseSigns {
    private final Predicate<DatabaseName> closed;
    private final Duration wait;
    private final Map<DatabaseName, Boolean> known = new ConcurrentHashMap<>();
    private final Map<DatabaseName, CompletableFuture<Boolean>> asking = new ConcurrentHashMap<>();

    /// @param closed asks the control database; may take as long as that takes, and fail
    ReleaseSigns(Predicate<DatabaseName> closed, Duration wait) {
        this.closed = closed;
        this.wait = wait;
    }

    boolean isClosed(DatabaseName database) {
        CompletableFuture<Boolean> answer = asking.computeIfAbsent(
                database, name -> CompletableFuture.supplyAsync(() -> ask(name), Thread::startVirtualThread));
        try {
            return answer.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException notKnown) {
            // As it was; the question goes on, and its answer counts for whoever asks next.
            return known.getOrDefault(database, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return known.getOrDefault(database, false);
        }
    }

    private boolean ask(DatabaseName database) {
        try {
            boolean now = closed.test(database);
            known.put(database, now);
            return now;
        } finally {
            asking.remove(database);
        }
    }
}
