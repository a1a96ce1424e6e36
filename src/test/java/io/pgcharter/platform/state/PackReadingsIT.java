package io.pgcharter.platform.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.sandbox.TestServers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The ledger of a repository of 1.6 TB.
class PackReadingsIT {
    private static final Instant FIRST = Instant.parse("2026-11-01T02:00:00Z");
    private static final Instant SECOND = Instant.parse("2026-11-02T02:00:00Z");

    @TempDir
    private Path directory;

    @Test
    @Timeout(60)
    void a_hundred_thousand_packs_go_in_and_out_in_one_statement_and_repositories_do_not_mix() {
        List<String> packs =
                IntStream.range(0, 100_000).mapToObj("%064x"::formatted).toList();
        try (State state = State.open(TestServers.text(TestServers.fresh(15)), directory)) {
            PackReadings readings = new PackReadings(state);
            readings.enter("one", packs, FIRST);
            readings.enter("one", packs.subList(0, 50_000), SECOND);
            readings.enter("two", packs.subList(0, 1), FIRST);
            readings.remove("one", packs.subList(0, 2));

            assertThat(readings.load("one"))
                    .hasSize(99_998)
                    .containsEntry(packs.get(2), SECOND)
                    .containsEntry(packs.get(99_999), FIRST);
            assertThat(readings.load("two")).containsOnlyKeys(packs.get(0));
            assertThat(readings.load("three")).isEmpty();
        }
    }
}
