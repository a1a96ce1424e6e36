package io.pgcharter.platform.repository;

import io.pgcharter.platform.storage.Storage;
import java.nio.ByteBuffer;
import java.util.List;

/// A disk that takes packs and keeps one bit of each wrong.
record SpoilingStorage(Storage storage) implements Storage {
    @Override
    public void put(String key, ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        if (key.startsWith(Vault.DATA)) {
            bytes[20] ^= 1;
        }
        storage.put(key, ByteBuffer.wrap(bytes));
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
