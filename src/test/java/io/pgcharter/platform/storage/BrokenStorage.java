package io.pgcharter.platform.storage;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A storage of which one call goes wrong, the first being number 1. Others go through, or, after a death, none.
public final class BrokenStorage implements Storage {
    /// What happens at the call.
    public enum Fault {
        /// It fails, having done nothing.
        FAILS,
        /// It does its work, and then says that it failed.
        FAILS_AFTERWARDS,
        /// The process dies: neither it nor any later call does anything.
        DIES,
        /// The process dies right after it.
        DIES_AFTERWARDS
    }

    private final Storage storage;
    private final Fault fault;
    private final int faultyCall;
    private final AtomicInteger calls = new AtomicInteger();

    public BrokenStorage(Storage storage, Fault fault, int faultyCall) {
        this.storage = storage;
        this.fault = fault;
        this.faultyCall = faultyCall;
    }

    /// Whether the fault has happened.
    public boolean isBroken() {
        return calls.get() >= faultyCall;
    }

    private <T> T call(String what, java.util.function.Supplier<T> work) {
        int call = calls.incrementAndGet();
        boolean isDead = call > faultyCall && (fault == Fault.DIES || fault == Fault.DIES_AFTERWARDS);
        if (isDead || (call == faultyCall && (fault == Fault.FAILS || fault == Fault.DIES))) {
            throw failure(what);
        }
        T result = work.get();
        if (call == faultyCall) {
            throw failure(what);
        }
        return result;
    }

    private void call(String what, Runnable work) {
        boolean _ = call(what, () -> {
            work.run();
            return true;
        });
    }

    private ProblemException failure(String what) {
        return new ProblemException(
                ProblemCode.STORAGE_UNREACHABLE, "cannot " + what, "call " + faultyCall + ": " + fault, "try again");
    }

    @Override
    public void put(String key, ByteBuffer content) {
        call("write " + key, () -> storage.put(key, content));
    }

    @Override
    public byte[] get(String key) {
        return call("read " + key, () -> storage.get(key));
    }

    @Override
    public int get(String key, long offset, ByteBuffer target) {
        return call("read " + key, () -> storage.get(key, offset, target));
    }

    @Override
    public List<Entry> list(String prefix) {
        return call("list " + prefix, () -> storage.list(prefix));
    }

    @Override
    public boolean exists(String key) {
        return call("look for " + key, () -> storage.exists(key));
    }

    @Override
    public void delete(String key) {
        call("remove " + key, () -> storage.delete(key));
    }

    @Override
    public void removeUnfinished() {
        call("clean up", storage::removeUnfinished);
    }

    @Override
    public String location() {
        return storage.location();
    }
}
