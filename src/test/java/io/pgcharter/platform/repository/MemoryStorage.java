package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.storage.Storage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A storage in memory that can be copied, and that can fail: from its n-th call on, as for a process that is killed
/// there, or only at it.
final class MemoryStorage implements Storage {
    final ConcurrentNavigableMap<String, byte[]> objects;
    private final AtomicInteger calls = new AtomicInteger();
    private final int failingCall;
    private final boolean isDeadAfter;

    MemoryStorage() {
        this(new ConcurrentSkipListMap<>(), Integer.MAX_VALUE, false);
    }

    private MemoryStorage(ConcurrentNavigableMap<String, byte[]> objects, int failingCall, boolean isDeadAfter) {
        this.objects = objects;
        this.failingCall = failingCall;
        this.isDeadAfter = isDeadAfter;
    }

    MemoryStorage copy() {
        return new MemoryStorage(new ConcurrentSkipListMap<>(objects), Integer.MAX_VALUE, false);
    }

    /// The same objects, through a line that breaks.
    MemoryStorage failingAt(int call, boolean isDeadAfter) {
        return new MemoryStorage(objects, call, isDeadAfter);
    }

    int calls() {
        return calls.get();
    }

    private void call() {
        int call = calls.incrementAndGet();
        if (call == failingCall || (isDeadAfter && call > failingCall)) {
            throw new ProblemException(ProblemCode.STORAGE_UNREACHABLE, "call " + call + " failed", "a test", "none");
        }
    }

    @Override
    public void put(String key, ByteBuffer content) {
        call();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        objects.put(key, bytes);
    }

    @Override
    public byte[] get(String key) {
        call();
        return found(key).clone();
    }

    private byte[] found(String key) {
        byte[] bytes = objects.get(key);
        if (bytes == null) {
            throw new ProblemException(ProblemCode.NOT_FOUND, "no '" + key + "'", "a test", "none");
        }
        return bytes;
    }

    @Override
    public int get(String key, long offset, ByteBuffer target) {
        call();
        byte[] bytes = found(key);
        int count = (int) Math.max(0, Math.min(target.remaining(), bytes.length - offset));
        if (count > 0) {
            target.put(bytes, (int) offset, count);
        }
        return count;
    }

    @Override
    public List<Entry> list(String prefix) {
        call();
        return objects.entrySet().stream()
                .filter(object -> object.getKey().startsWith(prefix))
                .map(object -> new Entry(object.getKey(), object.getValue().length))
                .toList();
    }

    @Override
    public boolean exists(String key) {
        call();
        return objects.containsKey(key);
    }

    @Override
    public void delete(String key) {
        call();
        objects.remove(key);
    }

    @Override
    public void removeUnfinished() {
        call();
    }

    @Override
    public String location() {
        return "memory";
    }
}
