package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// Reads packs whole, on one platform thread per processor. Packs in memory hold at most 64 MiB together; one that is
/// larger is read alone.
final class PackSweep {
    private static final int BUDGET_KIB = 64 * 1024;
    private static final int BUFFERS_KEPT_MAX = 4;

    private final Vault vault;
    private final CheckProgress progress;
    private final BufferPool buffers = new BufferPool(BUFFERS_KEPT_MAX);
    private final Semaphore budgetKib = new Semaphore(BUDGET_KIB, true);

    PackSweep(Vault vault, CheckProgress progress) {
        this.vault = vault;
        this.progress = progress;
    }

    /// A pack to read.
    ///
    /// @param expected the blobs that indexes place in it
    record Target(BlobId pack, long bytes, List<PackedBlob> expected) {}

    /// @param receiver called from several threads; not for a pack that is gone meanwhile
    void read(int count, java.util.function.IntFunction<Target> targets, Consumer<PackReading> receiver) {
        int processors = Runtime.getRuntime().availableProcessors();
        try (ExecutorService workers = Executors.newFixedThreadPool(
                processors, Thread.ofPlatform().daemon().name("check-", 0).factory())) {
            List<Future<?>> tasks = new ArrayList<>(count);
            try {
                for (int number = 0; number < count; number++) {
                    int target = number;
                    tasks.add(workers.submit(() -> read(targets.apply(target), receiver)));
                }
                for (Future<?> task : tasks) {
                    task.get();
                }
            } catch (InterruptedException e) {
                throw FirstFailure.interrupted(e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause
                        ? cause
                        : new IllegalStateException("reading a pack failed", e);
            } finally {
                tasks.forEach(task -> task.cancel(false));
            }
        }
    }

    private void read(Target target, Consumer<PackReading> receiver) {
        int costKib = (int) Math.min(BUDGET_KIB, target.bytes() / 1024 + 1);
        try {
            budgetKib.acquire(costKib);
        } catch (InterruptedException e) {
            throw FirstFailure.interrupted(e);
        }
        try {
            progress.pause();
            read(target).ifPresent(reading -> {
                receiver.accept(reading);
                progress.read(reading.bytes());
            });
        } finally {
            budgetKib.release(costKib);
        }
    }

    /// Empty if the pack is gone.
    java.util.Optional<PackReading> read(Target target) {
        byte[] bytes;
        try {
            bytes = vault.storage().get(Vault.packKey(target.pack()));
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.NOT_FOUND) {
                return java.util.Optional.empty();
            }
            throw e;
        }
        return java.util.Optional.of(PackReading.of(vault, target.pack(), bytes, target.expected(), buffers));
    }
}
