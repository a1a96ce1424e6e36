package io.pgcharter;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Something that takes long to make: made on a thread of its own from when somebody says that it will be needed, or by
/// whoever needs it first. It is made once; the others wait. Thread-safe.
final class Meanwhile<T> {
    private final String name;
    private final FutureTask<T> making;

    Meanwhile(String name, Callable<T> making) {
        this.name = name;
        this.making = new FutureTask<>(making);
    }

    Meanwhile<T> begin() {
        Thread.ofPlatform().daemon().name(name).start(making);
        return this;
    }

    /// Throws what making it threw.
    T get() {
        making.run();
        try {
            return making.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the " + name + " was made", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            }
            throw new IllegalStateException("the " + name + " could not be made", e.getCause());
        }
    }
}
