package io.pgcharter.platform.repository;

import io.pgcharter.platform.storage.PassingStorage;
import io.pgcharter.platform.storage.Storage;
import java.nio.ByteBuffer;

/// A disk that takes packs and keeps one bit of each wrong.
final class SpoilingStorage extends PassingStorage {
    SpoilingStorage(Storage storage) {
        super(storage);
    }

    @Override
    public void put(String key, ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        if (key.startsWith(Vault.DATA)) {
            bytes[20] ^= 1;
        }
        storage.put(key, ByteBuffer.wrap(bytes));
    }
}
