package io.pgcharter.platform.storage;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// Objects in memory, for tests that need thousands of repositories. Keeps the contract of every driver.
public final class MemoryStorage implements Storage {
    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

    public MemoryStorage() {}

    /// What is stored there now; later changes of either are not the other's.
    public MemoryStorage(MemoryStorage other) {
        objects.putAll(other.objects);
    }

    /// The objects themselves, for tests that damage them.
    public ConcurrentNavigableMap<String, byte[]> objects() {
        return objects;
    }

    @Override
    public void put(String key, ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        objects.put(key, bytes);
    }

    @Override
    public byte[] get(String key) {
        return find(key).clone();
    }

    @Override
    public int get(String key, long offset, ByteBuffer target) {
        byte[] bytes = find(key);
        int begin = (int) Math.min(offset, bytes.length);
        int count = Math.min(target.remaining(), bytes.length - begin);
        target.put(bytes, begin, count);
        return count;
    }

    private byte[] find(String key) {
        byte[] bytes = objects.get(key);
        if (bytes == null) {
            throw new ProblemException(ProblemCode.NOT_FOUND, "no object '" + key + "'", "it was removed", "put it");
        }
        return bytes;
    }

    @Override
    public List<Entry> list(String prefix) {
        return objects.tailMap(prefix).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> new Entry(entry.getKey(), entry.getValue().length))
                .toList();
    }

    @Override
    public boolean exists(String key) {
        return objects.containsKey(key);
    }

    @Override
    public void delete(String key) {
        objects.remove(key);
    }

    @Override
    public void removeUnfinished() {}

    @Override
    public String location() {
        return "memory";
    }
}
