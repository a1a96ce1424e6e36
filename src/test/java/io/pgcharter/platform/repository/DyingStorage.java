package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.storage.Storage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A storage whose user is killed at its call number `lastCall`, before that call does anything or right after it did:
/// no later call does anything either.
record DyingStorage(Storage storage, int lastCall, boolean isLastDone, AtomicInteger calls) implements Storage {
    DyingStorage(Storage storage, int lastCall, boolean isLastDone) {
        this(storage, lastCall, isLastDone, new AtomicInteger());
    }

    /// Whether the call was reached.
    boolean isDead() {
        return calls.get() >= lastCall;
    }

    private <T> T living(Supplier<T> call) {
        int number = calls.incrementAndGet();
        if (number > lastCall || (number == lastCall && !isLastDone)) {
            throw dead();
        }
        T result = call.get();
        if (number == lastCall) {
            throw dead();
        }
        return result;
    }

    private void living(Runnable call) {
        boolean _ = living(() -> {
            call.run();
            return true;
        });
    }

    private static ProblemException dead() {
        return new ProblemException(ProblemCode.STORAGE_UNREACHABLE, "killed", "the test wants it", "run it again");
    }

    @Override
    public void put(String key, ByteBuffer content) {
        living(() -> storage.put(key, content));
    }

    @Override
    public byte[] get(String key) {
        return living(() -> storage.get(key));
    }

    @Override
    public int get(String key, long offset, ByteBuffer target) {
        return living(() -> storage.get(key, offset, target));
    }

    @Override
    public List<Entry> list(String prefix) {
        return living(() -> storage.list(prefix));
    }

    @Override
    public boolean exists(String key) {
        return living(() -> storage.exists(key));
    }

    @Override
    public void delete(String key) {
        living(() -> storage.delete(key));
    }

    @Override
    public void removeUnfinished() {
        living(storage::removeUnfinished);
    }

    @Override
    public String location() {
        return storage.location();
    }
}
