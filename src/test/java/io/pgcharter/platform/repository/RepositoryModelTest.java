package io.pgcharter.platform.repository;

import io.pgcharter.platform.storage.MemoryStorage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Seeds of the [RepositoryModel]. A seed that failed is worth a line of its own here.
class RepositoryModelTest {
    private static final int STEPS = 60;

    private final MemoryStorage near = RepositoryModel.template();
    private final MemoryStorage far = RepositoryModel.template();
    private final Keyring keys = new Keyring();

    @Test
    void whatever_happens_no_snapshot_loses_anything() {
        for (long seed = 0; seed < 120; seed++) {
            check(seed);
        }
    }

    @Test
    @Tag("soak")
    void whatever_happens_in_a_million_steps_no_snapshot_loses_anything() {
        for (long seed = 1_000; seed < 1_000 + 1_000_000 / STEPS; seed++) {
            check(seed);
        }
    }

    private void check(long seed) {
        RepositoryModel model = new RepositoryModel(near, far, keys, seed);
        try {
            model.run(STEPS);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ":\n" + String.join("\n", model.trace()), e);
        }
    }
}
