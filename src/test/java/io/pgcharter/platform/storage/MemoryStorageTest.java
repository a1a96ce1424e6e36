package io.pgcharter.platform.storage;

class MemoryStorageTest implements StorageContract {
    @Override
    public Storage storage() {
        return new MemoryStorage();
    }
}
