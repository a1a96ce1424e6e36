package io.pgcharter.platform.repository;

import io.pgcharter.model.secret.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Keys that this process has derived. Deriving one is slow on purpose, and one operation opens a repository several
/// times. A key file is named by its content, so name and password alone decide what comes out. Thread-safe.
final class Keyring {
    private final Map<Lock, MasterKey> keys = new ConcurrentHashMap<>();

    /// What a key opened: a record of a [Secret] would compare it by identity.
    private record Lock(String keyFile, String password) {
        @Override
        public String toString() {
            return keyFile;
        }
    }

    /// @param derivation asked unless it has succeeded before; failures are not kept
    Optional<MasterKey> find(String keyFile, Secret password, Supplier<Optional<MasterKey>> derivation) {
        Lock lock = new Lock(keyFile, password.reveal());
        MasterKey known = keys.get(lock);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<MasterKey> derived = derivation.get();
        derived.ifPresent(key -> keys.put(lock, key));
        return derived;
    }
}
