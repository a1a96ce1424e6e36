package io.pgcharter.policy.retention;

import static io.pgcharter.policy.retention.Backups.kept;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.policy.retention.Backups.Rules;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What holds for all backups and all rules.
class RetentionPropertyTest {
    private static final Instant BEGINNING = Instant.parse("2024-02-01T00:00:00Z");
    private static final Instant NOW = BEGINNING.plus(Duration.ofDays(500));

    @Property(tries = 500)
    void what_must_never_go_never_goes(@ForAll("backups") List<Candidate> backups, @ForAll("rules") Rules rules) {
        Set<String> kept = ids(kept(rules.judge(backups, NOW)));

        assertThat(kept).containsAll(newest(backups, Candidate::isWhole, 1));
        assertThat(kept)
                .containsAll(
                        newest(backups, one -> one.isWhole() && one.provenAt().isPresent(), 1));
        assertThat(kept).containsAll(newest(backups, Candidate::isWhole, rules.atLeast()));
        for (Candidate backup : backups) {
            if (backup.pinned().isPresent()
                    || backup.takenAt().isAfter(NOW.minus(rules.minAge()))
                    || backup.takenAt().isAfter(NOW)) {
                assertThat(kept).contains(backup.id());
            }
            if (kept.contains(backup.id())) {
                assertThat(kept).containsAll(backup.needs());
            }
        }
        if (!backups.isEmpty()) {
            assertThat(kept).isNotEmpty();
        }
    }

    @Property(tries = 500)
    void more_generous_rules_never_keep_less(
            @ForAll("backups") List<Candidate> backups, @ForAll("rules") Rules rules, @ForAll("rules") Rules more) {
        Rules generous = new Rules(
                rules.last() + more.last(),
                rules.daily() + more.daily(),
                rules.weekly() + more.weekly(),
                rules.monthly() + more.monthly(),
                rules.yearly() + more.yearly(),
                rules.within().plus(more.within()),
                rules.minAge().plus(more.minAge()),
                rules.atLeast() + more.atLeast(),
                rules.zone());

        assertThat(ids(kept(generous.judge(backups, NOW)))).containsAll(ids(kept(rules.judge(backups, NOW))));
    }

    @Property(tries = 500)
    void applied_once_there_is_nothing_left_to_apply(
            @ForAll("backups") List<Candidate> backups, @ForAll("rules") Rules rules) {
        List<Candidate> once = kept(rules.judge(backups, NOW));

        assertThat(rules.judge(once, NOW)).allMatch(Verdict::isKept);
        // Nor is there if only some were removed before it was stopped.
        List<Candidate> halfway = backups.stream()
                .filter(one -> once.contains(one) || one.id().hashCode() % 2 == 0)
                .toList();
        assertThat(kept(rules.judge(halfway, NOW))).isEqualTo(once);
    }

    @Property(tries = 300)
    void the_order_in_which_backups_are_listed_does_not_matter(
            @ForAll("backups") List<Candidate> backups, @ForAll("rules") Rules rules, @ForAll long seed) {
        List<Candidate> shuffled = new ArrayList<>(backups);
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(rules.judge(shuffled, NOW)).isEqualTo(rules.judge(backups, NOW));
    }

    @Property(tries = 300)
    void every_backup_gets_one_verdict_with_reasons(
            @ForAll("backups") List<Candidate> backups, @ForAll("rules") Rules rules) {
        List<Verdict> verdicts = rules.judge(backups, NOW);

        assertThat(verdicts.stream().map(Verdict::candidate)).containsExactlyInAnyOrderElementsOf(backups);
        assertThat(verdicts).allMatch(verdict -> !verdict.reasons().isEmpty());
        assertThat(verdicts.stream().map(verdict -> verdict.candidate().takenAt()))
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Provide
    Arbitrary<List<Candidate>> backups() {
        Arbitrary<Instant> times = Arbitraries.oneOf(
                // Sparse over all the time, some of it in the future; and dense around one night.
                Arbitraries.longs()
                        .between(0, 520L * 24 * 60)
                        .map(minute -> BEGINNING.plus(Duration.ofMinutes(minute))),
                Arbitraries.longs().between(0, 72).map(hour -> BEGINNING.plus(Duration.ofHours(9_500 + hour))));
        Arbitrary<Integer> kinds = Arbitraries.integers().between(0, 99);
        return Combinators.combine(times, kinds, kinds)
                .as(Draft::new)
                .list()
                .ofMaxSize(60)
                .map(RetentionPropertyTest::candidates);
    }

    private record Draft(Instant takenAt, int kind, int needed) {}

    private static List<Candidate> candidates(List<Draft> drafts) {
        List<Candidate> candidates = new ArrayList<>();
        for (Draft draft : drafts) {
            String id = "backup-" + candidates.size();
            List<String> needs = draft.needed() < 25 && !candidates.isEmpty()
                    ? List.of("backup-" + draft.needed() % candidates.size())
                    : List.of();
            candidates.add(new Candidate(
                    id,
                    draft.takenAt(),
                    draft.kind() % 10 == 1 ? Optional.of(draft.takenAt().plusSeconds(60)) : Optional.empty(),
                    draft.kind() % 10 == 2 ? Optional.of("audit") : Optional.empty(),
                    needs,
                    draft.kind() < 85));
        }
        return candidates;
    }

    @Provide
    Arbitrary<Rules> rules() {
        Arbitrary<Integer> counts = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(2, Arbitraries.just(0)),
                net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(1, 12)));
        Arbitrary<Duration> ages =
                Arbitraries.of(0L, 0L, 1L, 24L, 49L, 24L * 30).map(Duration::ofHours);
        return Combinators.combine(counts, counts, counts, counts, counts, ages, ages, Arbitraries.of(1, 1, 2, 5))
                .flatAs((last, daily, weekly, monthly, yearly, within, minAge, atLeast) -> Arbitraries.of(
                                "UTC", "Europe/Zagreb", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")
                        .map(zone -> new Rules(
                                last, daily, weekly, monthly, yearly, within, minAge, atLeast, ZoneId.of(zone))));
    }

    private static Set<String> ids(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::id).collect(Collectors.toCollection(HashSet::new));
    }

    /// Ids of the newest of those that are not dated in the future.
    private static List<String> newest(
            List<Candidate> backups, java.util.function.Predicate<Candidate> which, int count) {
        return backups.stream()
                .filter(which)
                .filter(one -> !one.takenAt().isAfter(NOW))
                .sorted(Comparator.comparing(Candidate::takenAt).reversed().thenComparing(Candidate::id))
                .limit(count)
                .map(Candidate::id)
                .toList();
    }
}
