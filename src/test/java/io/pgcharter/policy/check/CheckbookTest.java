package io.pgcharter.policy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Observation;
import io.pgcharter.model.health.Reading;
import io.pgcharter.model.health.Sample;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.policy.check.Checkbook.Circumstances;
import io.pgcharter.policy.check.Checkbook.Judged;
import io.pgcharter.policy.check.Standards.Adjustment;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckbookTest {
    private static final Checkbook BOOK = Checkbook.published();
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String SUBJECT = "database/payments";

    @Test
    void thresholds_are_reached_from_their_value_on() {
        assertThat(xidAge(499_999_999, Standards.DEFAULT).level()).isEqualTo(Level.OK);
        assertThat(xidAge(500_000_000, Standards.DEFAULT).level()).isEqualTo(Level.WARN);
        assertThat(xidAge(1_200_000_000, Standards.DEFAULT).level()).isEqualTo(Level.CRIT);
        assertThat(xidAge(500_000_000, Standards.DEFAULT).value()).hasValue(500_000_000);
    }

    /// Row P10 of the strategies: CPU over 80 % for 5 minutes, storage over 80 %, connections over 80 of 100, p95 over
    /// 100 ms, replication lag over 1 s, a backup older than 24 h, any failed connection.
    @ParameterizedTest
    @CsvSource({
        "node-processors, 80",
        "repository-disk, 80",
        "state-disk, 80",
        "connections, 80",
        "statement-p95, 0.1",
        "replica-lag, 1",
        "backup-age, 86400",
        "availability, 1"
    })
    void what_a_careful_team_wants_to_hear_of_is_the_default(String check, double warn) {
        assertThat(BOOK.check(check).judging().limits().orElseThrow().warn()).hasValue(warn);
        assertThat(BOOK.check(check).rhythm()).isEqualTo(Check.Rhythm.FAST);
    }

    @Test
    void the_value_is_that_of_the_worst_row() {
        Answer ages = new Answer.Seen(List.of(Observation.of("a", 1, "young"), Observation.of("b", 9, "old")));

        assertThat(BOOK.judge("xid-age", ages, circumstances(Standards.DEFAULT, Map.of()))
                        .value())
                .hasValue(9);
        assertThat(BOOK.judge("server-restart", ages, circumstances(Standards.DEFAULT, Map.of()))
                        .value())
                .hasValue(1);
    }

    @Test
    void a_charter_may_set_one_threshold_and_keep_the_other() {
        Standards strict = new Standards(
                Map.of("xid-age", new Adjustment(true, OptionalDouble.of(10), OptionalDouble.empty())), List.of());

        assertThat(xidAge(10, strict).level()).isEqualTo(Level.WARN);
        assertThat(xidAge(1_200_000_000, strict).level()).isEqualTo(Level.CRIT);
    }

    @Test
    void a_check_that_is_turned_off_asks_nothing_and_says_nothing() {
        Standards off = new Standards(
                Map.of("xid-age", new Adjustment(false, OptionalDouble.empty(), OptionalDouble.empty())), List.of());

        assertThat(BOOK.questions(off, Declared.NOTHING, Optional.empty()))
                .noneMatch(question -> question.check().equals("xid-age"));
        assertThat(BOOK.judge(new Reading.Taken(NOON, Map.of()), circumstances(off, Map.of()), Optional.empty())
                        .verdicts())
                .noneMatch(verdict -> verdict.check().equals("xid-age"))
                .anyMatch(verdict -> verdict.check().equals("multixact-age"));
    }

    @Test
    void what_pgcharter_wrote_itself_is_not_unexpected_and_the_next_reading_counts_from_there() {
        assertThat(writes(5, 9, false).level()).isEqualTo(Level.WARN);
        assertThat(writes(5, 9, true).level()).isEqualTo(Level.NOT_APPLICABLE);
        assertThat(writes(9, 9, false).level()).isEqualTo(Level.OK);
    }

    /// Judges `unexpected-writes` of a quiet database, and sees that the reading is kept.
    private static Verdict writes(double before, double now, boolean own) {
        Reading reading = new Reading.Taken(
                NOON,
                Map.of(
                        "unexpected-writes",
                        new Answer.Seen(List.of(Observation.of("shop", now, "rows were written")))));
        Sample sample =
                new Sample("unexpected-writes", NOON.minusSeconds(60), List.of(Observation.of("shop", before, "")));
        Judged judged = BOOK.judge(
                reading,
                new Checkbook.Circumstances(
                        "database/shop",
                        Standards.DEFAULT,
                        new Declared(List.of(), Map.of(), true, List.of()),
                        Map.of("unexpected-writes", sample),
                        NOON,
                        own),
                Optional.empty());
        assertThat(judged.samples())
                .filteredOn(kept -> kept.check().equals("unexpected-writes"))
                .singleElement()
                .satisfies(kept -> assertThat(kept.rows()).hasSize(1));
        return judged.verdicts().stream()
                .filter(verdict -> verdict.check().equals("unexpected-writes"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void what_was_not_answered_is_unknown_and_never_ok() {
        Judged judged = BOOK.judge(
                new Reading.Taken(NOON, Map.of()), circumstances(Standards.DEFAULT, Map.of()), Optional.empty());

        assertThat(judged.verdicts())
                .filteredOn(verdict -> !verdict.check().equals("availability"))
                .allSatisfy(verdict ->
                        assertThat(verdict.level()).as(verdict.check()).isIn(Level.UNKNOWN, Level.NOT_APPLICABLE));
    }

    @Test
    void a_value_that_the_role_cannot_see_is_unknown_beside_those_that_it_sees() {
        Verdict verdict = BOOK.judge(
                "sequence-exhaustion",
                new Answer.Seen(List.of(
                        Observation.of("public.a", 1, "fine"),
                        new Observation(
                                "sequences",
                                Optional.empty(),
                                "3 cannot be read",
                                Optional.empty(),
                                Optional.empty()))),
                circumstances(Standards.DEFAULT, Map.of()));

        assertThat(verdict.level()).isEqualTo(Level.UNKNOWN);
        assertThat(verdict.message()).isEqualTo("sequences: 3 cannot be read");
    }

    @Test
    void an_unreachable_database_warns_at_once_and_is_critical_the_third_time() {
        Map<String, Sample> samples = Map.of();
        for (Level expected : List.of(Level.WARN, Level.WARN, Level.CRIT, Level.CRIT)) {
            Judged judged = BOOK.judge(
                    new Reading.Failed("connection refused", "start it", 1),
                    circumstances(Standards.DEFAULT, samples),
                    Optional.of(Check.Rhythm.FAST));
            samples = byCheck(judged.samples());

            assertThat(of(judged, "availability").level()).isEqualTo(expected);
            assertThat(of(judged, "connections").level()).isEqualTo(Level.UNKNOWN);
        }
        Judged back = BOOK.judge(
                new Reading.Taken(NOON, Map.of()), circumstances(Standards.DEFAULT, samples), Optional.empty());
        assertThat(of(back, "availability").level()).isEqualTo(Level.OK);
        assertThat(byCheck(back.samples()).get("availability").rows().getFirst().value())
                .hasValue("0.0");
    }

    @Test
    void a_counter_is_judged_by_its_growth_not_by_what_it_has_ever_counted() {
        assertThat(deadlocks(1_000, "a", 1_000, "a").level()).isEqualTo(Level.OK);
        assertThat(deadlocks(1_000, "a", 1_002, "a").level()).isEqualTo(Level.WARN);
        assertThat(deadlocks(1_000, "a", 1_005, "a").level()).isEqualTo(Level.CRIT);
    }

    @Test
    void a_counter_that_began_anew_has_grown_by_what_it_says() {
        assertThat(deadlocks(1_000, "a", 2, "b").message()).contains("deadlocks: 2 in the last 60 s");
        assertThat(deadlocks(1_000, "a", 1_001, "b").message()).contains("deadlocks: 1,001 in the last 60 s");
        assertThat(deadlocks(1_000, "a", 0, "a").level()).isEqualTo(Level.OK);
    }

    @Test
    void the_first_reading_of_a_counter_is_unknown() {
        Judged judged = judgedCounter("deadlocks", 7, "a", Map.of(), NOON);

        assertThat(of(judged, "deadlocks").level()).isEqualTo(Level.UNKNOWN);
        assertThat(of(judged, "deadlocks").message()).startsWith("first reading");
        assertThat(byCheck(judged.samples())).containsKey("deadlocks");
    }

    @Test
    void a_clock_that_went_back_makes_no_rate_negative_or_endless() {
        Map<String, Sample> later = byCheck(judgedCounter("deadlocks", 7, "a", Map.of(), NOON.plusSeconds(3600))
                .samples());

        Verdict verdict = of(judgedCounter("deadlocks", 8, "a", later, NOON), "deadlocks");

        assertThat(verdict.level()).isEqualTo(Level.WARN);
        assertThat(verdict.value()).hasValue(1);
    }

    @Test
    void what_a_counter_told_of_stands_for_a_while_and_is_over_by_itself() {
        Map<String, Sample> first =
                byCheck(judgedCounter("deadlocks", 1, "a", Map.of(), NOON).samples());
        Judged seen = judgedCounter("deadlocks", 2, "a", first, NOON.plusSeconds(60));
        assertThat(of(seen, "deadlocks").message()).isEqualTo("shop: deadlocks: 1 in the last 60 s");

        Map<String, Sample> last = byCheck(seen.samples());
        for (int minute = 2; minute <= 15; minute++) {
            Judged still = judgedCounter("deadlocks", 2, "a", last, NOON.plusSeconds(60L * minute));
            assertThat(of(still, "deadlocks").level()).isEqualTo(Level.WARN);
            assertThat(of(still, "deadlocks").value()).hasValue(1);
            assertThat(of(still, "deadlocks").message())
                    .isEqualTo("shop: deadlocks: 1 in the last 60 s before 2026-11-21T12:01:00Z");
            last = byCheck(still.samples());
        }
        Judged over = judgedCounter("deadlocks", 2, "a", last, NOON.plusSeconds(60L * 16));

        assertThat(of(over, "deadlocks").level()).isEqualTo(Level.OK);
        assertThat(byCheck(over.samples()).get("deadlocks").events()).isEmpty();
    }

    @Test
    void what_stands_gets_worse_stands_longer_when_it_happens_again_and_hides_nothing() {
        Map<String, Sample> samples =
                byCheck(judgedCounter("deadlocks", 0, "a", Map.of(), NOON).samples());
        samples = byCheck(judgedCounter("deadlocks", 9, "a", samples, NOON.plusSeconds(60))
                .samples());
        Judged lesser = judgedCounter("deadlocks", 10, "a", samples, NOON.plusSeconds(600));
        assertThat(of(lesser, "deadlocks").level()).isEqualTo(Level.CRIT);
        assertThat(of(lesser, "deadlocks").findings())
                .extracting(finding -> finding.level())
                .containsExactly(Level.CRIT, Level.WARN);

        Judged later = judgedCounter("deadlocks", 10, "a", byCheck(lesser.samples()), NOON.plusSeconds(1000));
        assertThat(of(later, "deadlocks").level()).isEqualTo(Level.WARN);
        Judged over = judgedCounter("deadlocks", 10, "a", byCheck(later.samples()), NOON.plusSeconds(1500));
        assertThat(of(over, "deadlocks").level()).isEqualTo(Level.OK);
    }

    @Test
    void a_clock_that_went_back_makes_nothing_stand_longer() {
        Map<String, Sample> samples = byCheck(judgedCounter("deadlocks", 0, "a", Map.of(), NOON.plusSeconds(7000))
                .samples());
        samples = byCheck(judgedCounter("deadlocks", 1, "a", samples, NOON.plusSeconds(7060))
                .samples());
        samples = byCheck(judgedCounter("deadlocks", 1, "a", samples, NOON).samples());
        Judged later = judgedCounter("deadlocks", 1, "a", samples, NOON.plusSeconds(900));

        assertThat(of(later, "deadlocks").level()).isEqualTo(Level.OK);
    }

    @Test
    void a_share_of_too_little_goes_on_growing_until_it_is_enough() {
        Map<String, Sample> samples = byCheck(rollbacks(0, 0, Map.of(), NOON).samples());
        for (int minute = 1; minute <= 2; minute++) {
            Judged few = rollbacks(10 * minute, 40 * minute, samples, NOON.plusSeconds(60L * minute));
            assertThat(of(few, "rollbacks").message()).isEqualTo("too few transactions to judge");
            samples = byCheck(few.samples());
        }
        Judged enough = rollbacks(30, 120, samples, NOON.plusSeconds(180));

        assertThat(of(enough, "rollbacks").level()).isEqualTo(Level.CRIT);
        assertThat(of(enough, "rollbacks").message()).contains("25.0 % (30 of 120) in the last 3 min");
    }

    private static Judged rollbacks(double count, double of, Map<String, Sample> samples, Instant at) {
        Observation row = new Observation(
                "shop",
                Optional.of(Double.toString(count)),
                "rolled back",
                Optional.of(Double.toString(of)),
                Optional.of("a"));
        return BOOK.judge(
                new Reading.Taken(at, Map.of("rollbacks", new Answer.Seen(List.of(row)))),
                circumstances(Standards.DEFAULT, samples),
                Optional.empty());
    }

    @Test
    void what_is_waived_stays_visible_and_does_not_count() {
        Standards waived = new Standards(Map.of(), List.of(waiver("primary-keys", "public.log", "2026-11-21")));
        Answer answer = new Answer.Seen(List.of(
                Observation.of("public.log", Level.WARN, "has no primary key"),
                Observation.of("public.other", Level.WARN, "has no primary key")));

        Verdict both = BOOK.judge("primary-keys", answer, circumstances(waived, Map.of()));
        Verdict one = BOOK.judge(
                "primary-keys",
                new Answer.Seen(List.of(Observation.of("public.log", Level.WARN, "has no primary key"))),
                circumstances(waived, Map.of()));

        assertThat(both.level()).isEqualTo(Level.WARN);
        assertThat(both.message()).isEqualTo("public.other: has no primary key");
        assertThat(one.level()).isEqualTo(Level.OK);
        assertThat(one.findings().getFirst().waived()).contains("known, until 2026-11-21");
    }

    @Test
    void a_waiver_of_a_check_covers_what_cannot_be_seen_too() {
        Standards waived = new Standards(
                Map.of(),
                List.of(new Waiver(
                        "table-bloat",
                        Optional.empty(),
                        Optional.empty(),
                        "no extension",
                        LocalDate.parse("2027-01-01"),
                        3)));

        Verdict verdict = BOOK.judge(
                "table-bloat",
                new Answer.Unseen("pgstattuple is missing", "install it"),
                circumstances(waived, Map.of()));

        assertThat(verdict.level()).isEqualTo(Level.OK);
        assertThat(verdict.findings().getFirst().waived()).isPresent();
        assertThat(verdict.findings().getFirst().level()).isEqualTo(Level.UNKNOWN);
    }

    @Test
    void an_expired_waiver_counts_no_more_and_is_a_finding_itself() {
        Standards expired = new Standards(Map.of(), List.of(waiver("primary-keys", "public.log", "2026-11-20")));

        Verdict judged = BOOK.judge(
                "primary-keys",
                new Answer.Seen(List.of(Observation.of("public.log", Level.WARN, "has no primary key"))),
                circumstances(expired, Map.of()));
        Verdict waivers = BOOK.waivers(expired, NOON);

        assertThat(judged.level()).isEqualTo(Level.WARN);
        assertThat(waivers.subject()).isEqualTo("installation");
        assertThat(waivers.level()).isEqualTo(Level.WARN);
        assertThat(waivers.findings().getFirst().key()).isEqualTo("primary-keys database/payments public.log");
        assertThat(BOOK.waivers(new Standards(Map.of(), List.of(waiver("a", "b", "2026-11-21"))), NOON)
                        .level())
                .isEqualTo(Level.OK);
    }

    @Test
    void names_that_would_move_a_cursor_are_shown_harmless() {
        Verdict verdict = BOOK.judge(
                "primary-keys",
                new Answer.Seen(List.of(Observation.of("public.\"a\u001b[2J\nb\u202e\"", Level.WARN, "<script>"))),
                circumstances(Standards.DEFAULT, Map.of()));

        assertThat(verdict.message()).isEqualTo("public.\"a\\u001b[2J\\u000ab\\u202e\": <script>");
    }

    @Test
    void at_most_a_hundred_findings_are_kept_and_the_worst_first() {
        List<Observation> rows = new ArrayList<>(Stream.iterate(0, number -> number + 1)
                .limit(300)
                .map(number -> Observation.of("t" + number, 600_000_000, "old"))
                .toList());
        rows.add(Observation.of("worst", 2_000_000_000, "very old"));

        Verdict verdict = BOOK.judge("xid-age", new Answer.Seen(rows), circumstances(Standards.DEFAULT, Map.of()));

        assertThat(verdict.findings()).hasSize(100);
        assertThat(verdict.message()).isEqualTo("worst: very old; and 300 more");
    }

    @Test
    void what_the_charter_does_not_declare_is_not_applicable() {
        Judged judged = BOOK.judge(
                new Reading.Taken(NOON, Map.of()), circumstances(Standards.DEFAULT, Map.of()), Optional.empty());

        assertThat(of(judged, "missing-standby").level()).isEqualTo(Level.NOT_APPLICABLE);
        assertThat(BOOK.questions(
                        Standards.DEFAULT, new Declared(List.of("a"), Map.of(), false, List.of()), Optional.empty()))
                .filteredOn(question -> question.check().equals("missing-standby"))
                .singleElement()
                .satisfies(question -> assertThat(question.parameters()).containsExactly("[\"a\"]"));
    }

    @Test
    void every_check_is_complete() {
        assertThat(BOOK.all()).hasSizeGreaterThan(50);
        BOOK.all().forEach(check -> {
            assertThat(check.id()).matches("[a-z0-9-]+");
            assertThat(check.group()).isNotBlank();
            assertThat(List.of(check.title(), check.why(), check.ok(), check.remedy()))
                    .allSatisfy(
                            text -> assertThat(text).as(check.id()).isNotBlank().doesNotContain("\n"));
            assertThat(check.why()).endsWith(".");
            check.judging().limits().ifPresent(limits -> {
                assertThat(limits.warn().isPresent() || limits.crit().isPresent())
                        .isTrue();
                if (limits.warn().isPresent() && limits.crit().isPresent()) {
                    assertThat(limits.warn().getAsDouble() < limits.crit().getAsDouble())
                            .isEqualTo(check.judging().worse() == Judging.Worse.HIGHER);
                }
            });
            check.question()
                    .ifPresent(question -> assertThat(question.sql().values())
                            .allSatisfy(sql ->
                                    assertThat(sql.strip()).as(check.id()).matches("(?s)(SELECT|WITH)\\s.*")));
        });
    }

    private static Verdict xidAge(double age, Standards standards) {
        return BOOK.judge(
                "xid-age",
                new Answer.Seen(List.of(Observation.of("shop", age, "old"))),
                circumstances(standards, Map.of()));
    }

    private static Verdict deadlocks(double before, String epochBefore, double after, String epochAfter) {
        Map<String, Sample> first = byCheck(
                judgedCounter("deadlocks", before, epochBefore, Map.of(), NOON).samples());
        return of(judgedCounter("deadlocks", after, epochAfter, first, NOON.plusSeconds(60)), "deadlocks");
    }

    private static Judged judgedCounter(
            String check, double count, String epoch, Map<String, Sample> samples, Instant at) {
        Observation row = new Observation(
                "shop", Optional.of(Double.toString(count)), "deadlocks", Optional.empty(), Optional.of(epoch));
        return BOOK.judge(
                new Reading.Taken(at, Map.of(check, new Answer.Seen(List.of(row)))),
                circumstances(Standards.DEFAULT, samples),
                Optional.empty());
    }

    private static Waiver waiver(String check, String key, String until) {
        return new Waiver(check, Optional.of(SUBJECT), Optional.of(key), "known", LocalDate.parse(until), 7);
    }

    private static Circumstances circumstances(Standards standards, Map<String, Sample> samples) {
        return new Circumstances(SUBJECT, standards, Declared.NOTHING, samples, NOON);
    }

    private static Verdict of(Judged judged, String check) {
        return judged.verdicts().stream()
                .filter(verdict -> verdict.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Sample> byCheck(List<Sample> samples) {
        Map<String, Sample> map = new HashMap<>();
        samples.forEach(sample -> map.put(sample.check(), sample));
        return map;
    }
}
