package io.pgcharter.policy.retention;

import static io.pgcharter.policy.retention.Backups.rules;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.repository.LocalTimes;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Restic;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotWriter;
import io.pgcharter.policy.retention.Backups.Rules;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Stock restic's `forget` and our rules, on the same snapshots.
class StockForgetIT {
    private static final String PASSWORD = "correct horse";
    private static final String PATH = "/shop";
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    private Path directory;

    @Test
    void restic_keeps_what_we_keep_by_every_count() throws Exception {
        try (Repository repository = repository()) {
            List<Candidate> backups = written(repository, ZoneOffset.UTC, false);

            for (Rules rules : List.of(
                    rules().daily(7).weekly(4).monthly(12),
                    rules().last(5),
                    rules().daily(30),
                    rules().weekly(20),
                    rules().yearly(2),
                    rules().last(3).daily(7).weekly(5).monthly(6).yearly(2))) {
                assertThat(kept(rules, backups)).as(rules.toString()).isEqualTo(stock(rules));
            }
        }
    }

    @Test
    void restic_looks_back_from_the_newest_too_with_within() throws Exception {
        try (Repository repository = repository()) {
            List<Candidate> backups = written(repository, ZoneOffset.UTC, false);

            Rules rules = rules().daily(3).within(Duration.ofHours(90));
            assertThat(kept(rules, backups)).isEqualTo(stock(rules, "--keep-within", "90h"));
        }
    }

    @Test
    void restic_counts_by_the_offset_a_snapshot_carries_and_then_agrees_in_every_zone() throws Exception {
        for (String zone : List.of("Europe/Zagreb", "America/New_York", "Asia/Kathmandu")) {
            try (Repository repository =
                    Repository.init(directory.resolve(zone.replace('/', '-')), new Secret(PASSWORD))) {
                List<Candidate> backups = written(repository, ZoneId.of(zone), true);

                Rules rules = rules().daily(30).weekly(9).monthly(6).in(ZoneId.of(zone));
                assertThat(kept(rules, backups))
                        .as(zone)
                        .isEqualTo(stock(directory.resolve(zone.replace('/', '-')), rules));
            }
        }
    }

    @Test
    void where_fewer_periods_have_backups_than_are_to_be_kept_restic_may_keep_the_oldest_as_well() throws Exception {
        try (Repository repository = repository()) {
            List<Candidate> backups = written(repository, ZoneOffset.UTC, false);
            String oldest = backups.stream()
                    .min(java.util.Comparator.comparing(Candidate::takenAt))
                    .orElseThrow()
                    .id();

            Rules rules = rules().yearly(50);
            Set<String> stock = stock(rules);
            stock.remove(oldest);
            Set<String> ours = kept(rules, backups);
            ours.remove(oldest);
            assertThat(ours).isEqualTo(stock);
        }
    }

    private Repository repository() {
        return Repository.init(directory.resolve("r"), new Secret(PASSWORD));
    }

    /// 300 snapshots over 900 days, thick where clocks change: around 2026-03-29 and 2026-10-25 in Europe,
    /// 2026-11-01 in New York. The first comes from our writer as it is, the others are the same at another
    /// time.
    private static List<Candidate> written(Repository repository, ZoneId zone, boolean withOffset) throws IOException {
        Snapshot first;
        try (SnapshotWriter writer = repository.write()) {
            try (OutputStream out = writer.file("a", 0600)) {
                out.write("a".getBytes(StandardCharsets.UTF_8));
            }
            first = writer.commit(
                    NOW.minus(Duration.ofDays(901)),
                    "pgcharter",
                    List.of(PATH),
                    List.of("pgcharter-backup", "database=shop"));
        }
        Set<Instant> times = new TreeSet<>();
        Random random = new Random(11);
        while (times.size() < 150) {
            times.add(NOW.minusSeconds(random.nextLong(0, Duration.ofDays(900).toSeconds())));
        }
        for (String change : List.of("2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", "2026-11-01T06:00:00Z")) {
            for (int hour = -25; hour < 25; hour++) {
                times.add(Instant.parse(change).plus(Duration.ofHours(hour)).plusSeconds(1));
            }
        }
        List<Candidate> backups = new ArrayList<>(List.of(Backups.plain(first.id(), first.time())));
        for (Instant time : times) {
            ZonedDateTime local = time.atZone(zone);
            String id = withOffset
                    ? LocalTimes.save(repository, first, local)
                    : LocalTimes.saveUtc(repository, first, local);
            backups.add(Backups.plain(id, time));
        }
        return backups;
    }

    private static Set<String> kept(Rules rules, List<Candidate> backups) {
        Set<String> kept = new HashSet<>();
        Backups.kept(rules.judge(backups, NOW)).forEach(one -> kept.add(one.id()));
        return kept;
    }

    private Set<String> stock(Rules rules, String... more) throws Exception {
        return stock(directory.resolve("r"), rules, more);
    }

    private static Set<String> stock(Path repository, Rules rules, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("forget", "--dry-run", "--json", "--tag", "pgcharter-backup"));
        option(words, "--keep-last", rules.last());
        option(words, "--keep-daily", rules.daily());
        option(words, "--keep-weekly", rules.weekly());
        option(words, "--keep-monthly", rules.monthly());
        option(words, "--keep-yearly", rules.yearly());
        words.addAll(List.of(more));
        String printed = new Restic(repository, PASSWORD).run(words.toArray(String[]::new));
        JsonNode groups = JsonMapper.builder()
                .build()
                .readTree(printed.lines()
                        .filter(line -> line.startsWith("["))
                        .findFirst()
                        .orElseThrow());
        Set<String> kept = new HashSet<>();
        groups.forEach(group ->
                group.path("keep").forEach(one -> kept.add(one.path("id").stringValue())));
        assertThat(Optional.of(groups.size())).contains(1);
        return kept;
    }

    private static void option(List<String> words, String name, int count) {
        if (count > 0) {
            words.addAll(List.of(name, Integer.toString(count)));
        }
    }
}
