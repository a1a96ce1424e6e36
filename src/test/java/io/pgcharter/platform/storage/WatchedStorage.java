package io.pgcharter.platform.storage;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// A storage that tells somebody of each call before it is made: its number, from 1. Whoever is told may do something
/// else with the same objects first, or throw.
public final class WatchedStorage implements Storage {
    private final Storage storage;
    private final IntConsumer before;
    private final AtomicInteger calls = new AtomicInteger();

    public WatchedStorage(Storage storage, IntConsumer before) {
        this.storage = storage;
        this.before = before;
    }

    private void tell() {
        before.accept(calls.incrementAndGet());
    }

    @Override
    public void put(String key, ByteBuffer content) {
        tell();
        storage.put(key, content);
    }

    @Override
    public byte[] get(String key) {
        tell();
        return storage.get(key);
    }

    @Override
    public int get(String key, long offset, ByteBuffer target) {
        tell();
        return storage.get(key, offset, target);
    }

    @Override
    public List<Entry> list(String prefix) {
        tell();
        return storage.list(prefix);
    }

    @Override
    public boolean exists(String key) {
        tell();
        return storage.exists(key);
    }

    @Override
    public void delete(String key) {
        tell();
        storage.delete(key);
    }

    @Override
    public void removeUnfinished() {
        tell();
        storage.removeUnfinished();
    }

    @Override
    public String location() {
        return storage.location();
    }
}
