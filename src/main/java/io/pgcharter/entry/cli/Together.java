package io.pgcharter.entry.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// Does the same to several things at once.
final class Together {
    private Together() {}

    /// @return the answers in the order of `inputs`; the first failure is thrown once all have ended
    static <I, O> List<O> map(List<I> inputs, Function<I, O> function) {
        List<Future<O>> futures = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (I input : inputs) {
                futures.add(executor.submit(() -> function.apply(input)));
            }
        }
        return futures.stream().map(Together::answer).toList();
    }

    private static <O> O answer(Future<O> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the command line", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
