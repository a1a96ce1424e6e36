package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.storage.MemoryStorage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/// A check remembers what was read.
class ReadingPlanTest {
    private static final Hospital HOSPITAL = new Hospital(600_000);

    private final MemoryStorage storage = HOSPITAL.patient();
    private final Memory ledger = new Memory();
    private Instant now = Instant.parse("2026-11-20T02:00:00Z");

    private static final class Memory implements PackLedger {
        private final Map<String, Instant> packs = new ConcurrentHashMap<>();

        @Override
        public Map<String, Instant> load() {
            return Map.copyOf(packs);
        }

        @Override
        public void enter(Collection<String> read, Instant at) {
            read.forEach(pack -> packs.put(pack, at));
        }

        @Override
        public void remove(Collection<String> gone) {
            gone.forEach(packs::remove);
        }
    }

    private CheckResult check(Duration due, int percent) {
        InstantSource clock = () -> now;
        try (Repository repository = Repository.open(storage, Hospital.PASSWORD, new Keyring(), clock)) {
            return repository.check(Optional.of(new Operation.Reading(due, percent)), ledger, CheckProgress.none());
        }
    }

    @Test
    void a_second_full_check_reads_nothing_and_one_after_the_due_time_reads_all() {
        CheckResult first = check(Duration.ofDays(30), 100);
        assertThat(first.readPackCount()).isEqualTo(first.packCount()).isGreaterThan(2);
        assertThat(first.duePackCount()).isZero();
        assertThat(first.oldestReadAt()).contains(now);

        now = now.plus(Duration.ofDays(29));
        CheckResult second = check(Duration.ofDays(30), 100);
        assertThat(second.readPackCount()).isZero();
        assertThat(second.readBytes()).isZero();
        assertThat(second.oldestReadAt()).contains(now.minus(Duration.ofDays(29)));

        now = now.plus(Duration.ofDays(1));
        assertThat(check(Duration.ofDays(30), 100).readPackCount()).isEqualTo(first.packCount());
        assertThat(check(Duration.ZERO, 100).readPackCount()).isEqualTo(first.packCount());
    }

    @Test
    void ten_checks_of_a_tenth_read_everything_and_none_twice() {
        List<Integer> read = new ArrayList<>();
        int packs = 0;
        for (int run = 0; run < 10; run++) {
            CheckResult result = check(Duration.ofDays(30), 10);
            read.add(result.readPackCount());
            packs = result.packCount();
            assertThat(result.duePackCount())
                    .isEqualTo(packs - read.stream().mapToInt(Integer::intValue).sum());
            now = now.plus(Duration.ofDays(1));
        }
        assertThat(read.stream().mapToInt(Integer::intValue).sum()).isEqualTo(packs);
        assertThat(ledger.packs).hasSize(packs);
    }

    @Test
    void a_damaged_pack_and_one_that_is_gone_are_not_remembered_and_the_damaged_one_stays_due() {
        check(Duration.ofDays(30), 100);
        List<String> packs = Hospital.packs(storage);
        Hospital.flip(storage, packs.getLast(), 1_000);
        storage.objects().remove(packs.getFirst());
        int known = ledger.packs.size();

        CheckResult found = check(Duration.ZERO, 100);
        assertThat(found.errors()).hasSize(2);
        assertThat(ledger.packs).hasSize(known - 2);
        assertThat(check(Duration.ofDays(30), 100).readPackCount()).isEqualTo(1);
    }

    @Test
    void a_check_that_is_stopped_keeps_what_it_has_read() {
        CheckProgress stopping = new CheckProgress() {
            private int packs;

            @Override
            public void reading(long totalBytes) {
                assertThat(totalBytes).isPositive();
            }

            @Override
            public synchronized void read(long bytes) {
                packs++;
                if (packs == 2) {
                    throw new ProblemException(ProblemCode.CANCELLED, "stopped", "a person asked for it", "run again");
                }
            }

            @Override
            public void pause() {}
        };
        try (Repository repository = Repository.open(storage, Hospital.PASSWORD, new Keyring(), () -> now)) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> repository.check(Optional.of(Hospital.ALL), ledger, stopping));
        }
        assertThat(ledger.packs).hasSizeGreaterThanOrEqualTo(2);
        int known = ledger.packs.size();
        CheckResult next = check(Duration.ofDays(30), 100);
        assertThat(next.readPackCount()).isEqualTo(next.packCount() - known);
    }
}
