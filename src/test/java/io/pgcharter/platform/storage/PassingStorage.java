package io.pgcharter.platform.storage;

import java.nio.ByteBuffer;
import java.util.List;

/// A storage that passes every call on to another one. Tests override what theirs does differently.
public class PassingStorage implements Storage {
    protected final Storage storage;

    protected PassingStorage(Storage storage) {
        this.storage = storage;
    }

    @Override
    public void put(String key, ByteBuffer content) {
        storage.put(key, content);
    }

    @Override
    public byte[] get(String key) {
        return storage.get(key);
    }

    @Override
    public int get(String key, long offset, ByteBuffer target) {
        return storage.get(key, offset, target);
    }

    @Override
    public List<Entry> list(String prefix) {
        return storage.list(prefix);
    }

    @Override
    public boolean exists(String key) {
        return storage.exists(key);
    }

    @Override
    public void delete(String key) {
        storage.delete(key);
    }

    @Override
    public void removeUnfinished() {
        storage.removeUnfinished();
    }

    @Override
    public String location() {
        return storage.location();
    }
}
