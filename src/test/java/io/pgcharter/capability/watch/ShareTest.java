package io.pgcharter.capability.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.DatabaseName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Dividing the databases among the runs that watch.
class ShareTest {
    private static final List<DatabaseName> DATABASES = IntStream.range(0, 1_000)
            .mapToObj(number -> new DatabaseName("database" + number))
            .toList();
    private static final List<String> THREE = List.of("run-a", "run-b", "run-c");

    @Test
    void every_database_has_exactly_one_watcher_and_the_load_is_even() {
        List<DatabaseName> taken = new ArrayList<>();
        for (String run : THREE) {
            Set<DatabaseName> share = Share.of(run, THREE, DATABASES);
            assertThat(share).hasSizeBetween(270, 400);
            taken.addAll(share);
        }
        assertThat(taken).containsExactlyInAnyOrderElementsOf(DATABASES);
    }

    @Test
    void when_a_watcher_dies_only_its_databases_change_hands() {
        Set<DatabaseName> before = Share.of("run-a", THREE, DATABASES);
        Set<DatabaseName> after = Share.of("run-a", List.of("run-a", "run-c"), DATABASES);
        Set<DatabaseName> won = new HashSet<>(after);
        won.removeAll(before);
        assertThat(after).containsAll(before);
        assertThat(Share.of("run-b", THREE, DATABASES)).containsAll(won);
    }

    @Test
    void who_is_alone_or_not_seen_yet_still_counts_itself() {
        assertThat(Share.of("run-a", List.of(), DATABASES)).containsExactlyInAnyOrderElementsOf(DATABASES);
        assertThat(Share.of("run-a", List.of("run-b"), DATABASES)).hasSizeBetween(400, 600);
        assertThat(Share.isFirst("run-a", THREE)).isTrue();
        assertThat(Share.isFirst("run-b", THREE)).isFalse();
    }

    @Test
    void turns_are_spread_over_the_rhythm() {
        long early =
                DATABASES.stream().filter(name -> Share.offset(name) < 0.25).count();
        assertThat(early).isBetween(200L, 300L);
        assertThat(DATABASES).allSatisfy(name -> assertThat(Share.offset(name)).isBetween(0.0, 1.0));
    }
}
