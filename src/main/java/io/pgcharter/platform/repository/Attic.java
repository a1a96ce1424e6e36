package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.storage.Storage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Where a repair puts damaged files: below `pgcharter/damaged/`, under the key they had. restic does not look there.
/// Nothing is removed that is not stored there before. Not thread-safe.
final class Attic {
    static final String DIRECTORY = "pgcharter/damaged/";

    private final Storage storage;
    private final List<String> setAside = new ArrayList<>();

    Attic(Storage storage) {
        this.storage = storage;
    }

    /// Moves the object; does nothing if it is gone.
    void take(String key) {
        byte[] content;
        try {
            content = storage.get(key);
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.NOT_FOUND) {
                return;
            }
            throw e;
        }
        storage.put(DIRECTORY + key, ByteBuffer.wrap(content));
        storage.hide(key);
        setAside.add(key);
    }

    List<String> setAside() {
        return List.copyOf(setAside);
    }
}
