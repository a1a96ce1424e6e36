package io.pgcharter.platform.repository;

import static io.pgcharter.platform.repository.Hospital.bytes;
import static io.pgcharter.platform.repository.Hospital.flip;
import static io.pgcharter.platform.repository.Hospital.keys;
import static io.pgcharter.platform.repository.Hospital.packs;
import static io.pgcharter.platform.repository.Hospital.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.storage.BrokenStorage;
import io.pgcharter.platform.storage.BrokenStorage.Fault;
import io.pgcharter.platform.storage.MemoryStorage;
import io.pgcharter.platform.storage.Storage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Breaks a repair at each of its calls to the storage, one after the other; a second repair then brings everything
/// back.
class RepairSweepTest {
    private static final Hospital HOSPITAL = new Hospital(600_000);

    /// A pack cut short, one with a flipped bit, an index gone, an index damaged.
    private static MemoryStorage illInManyWays() {
        MemoryStorage patient = HOSPITAL.patient();
        List<String> packs = packs(patient);
        put(patient, packs.getLast(), Arrays.copyOf(bytes(patient, packs.getLast()), 300_000));
        flip(patient, packs.getFirst(), 40);
        List<String> indexes = keys(patient, Vault.INDEX);
        patient.objects().remove(indexes.getFirst());
        return patient;
    }

    @ParameterizedTest
    @EnumSource
    void a_repair_broken_at_any_call_is_finished_by_the_next(Fault fault) {
        int calls = 0;
        for (int call = 1; ; call++) {
            MemoryStorage patient = illInManyWays();
            BrokenStorage line = new BrokenStorage(patient, fault, call);
            boolean isBroken = breaks(line);
            // The process is dead; its lock is stale.
            keys(patient, Vault.LOCKS).forEach(patient.objects()::remove);

            Hospital.repair(patient, Optional.of(HOSPITAL.other));
            assertThat(Hospital.check(patient, true).errors())
                    .as("broken at call " + call)
                    .isEmpty();
            assertThat(HOSPITAL.unreadableFiles(patient))
                    .as("broken at call " + call)
                    .isZero();
            calls = call;
            if (!isBroken && !line.isBroken()) {
                break;
            }
        }
        assertThat(calls).isGreaterThan(30);
    }

    private static boolean breaks(Storage line) {
        try {
            Hospital.repair(line, Optional.of(HOSPITAL.other));
            return false;
        } catch (ProblemException e) {
            return true;
        }
    }
}
