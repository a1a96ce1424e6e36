package io.pgcharter.entry.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.RunStep;
import io.pgcharter.entry.web.page.Overview.Flow;
import io.pgcharter.entry.web.page.Overview.Rule;
import io.pgcharter.entry.web.page.Recovery.Gap;
import io.pgcharter.entry.web.page.Recovery.Goal;
import io.pgcharter.entry.web.page.Recovery.Point;
import io.pgcharter.entry.web.page.Recovery.Proof;
import io.pgcharter.model.operation.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What pages compute of what they are given.
class PageValuesTest {
    private static final Instant MONDAY = Instant.parse("2026-11-16T00:00:00Z");

    @Test
    void a_gap_lasts_from_when_a_backup_was_too_old_to_the_next_one() {
        List<Point> points = List.of(point(0), point(24), point(72), point(90));

        Recovery recovery = Recovery.of(hour(0), hour(120), goal(26, 26, 0), points);

        assertThat(recovery.gaps()).containsExactly(new Gap(hour(50), hour(72)), new Gap(hour(116), hour(120)));
    }

    @Test
    void a_gap_that_began_before_what_is_drawn_is_cut_and_the_backup_before_it_is_not_drawn() {
        Recovery recovery = Recovery.of(hour(48), hour(96), goal(26, 26, 0), List.of(point(72), point(0), point(90)));

        assertThat(recovery.gaps()).containsExactly(new Gap(hour(48), hour(72)));
        assertThat(recovery.points()).containsExactly(point(72), point(90));
        assertThat(recovery.x(hour(48))).isEqualTo("1.00%");
        assertThat(recovery.x(hour(72))).isEqualTo("50.00%");
        assertThat(recovery.x(hour(96))).isEqualTo("99.00%");
    }

    @Test
    void without_a_goal_there_is_no_gap_and_none_before_there_was_anything() {
        assertThat(Recovery.of(hour(0), hour(900), Optional.empty(), List.of(point(1)))
                        .gaps())
                .isEmpty();
        assertThat(Recovery.of(hour(0), hour(900), goal(1, 1, 900), List.of()).gaps())
                .isEmpty();
    }

    @Test
    void what_is_late_by_less_than_is_tolerated_is_no_gap_and_one_begins_when_a_backup_was_due() {
        Recovery recovery = Recovery.of(hour(0), hour(60), goal(12, 18, 0), List.of(point(0), point(17), point(36)));

        assertThat(recovery.gaps()).containsExactly(new Gap(hour(29), hour(36)), new Gap(hour(48), hour(60)));
        assertThat(recovery.isOpen(recovery.gaps().getFirst())).isFalse();
        assertThat(recovery.isOpen(recovery.gaps().getLast())).isTrue();
    }

    @Test
    void what_retention_let_go_leaves_no_gap_and_what_cannot_be_restored_does() {
        Goal goal = new Goal(Duration.ofHours(24), Duration.ofHours(24), hour(0), List.of(hour(0), hour(24), hour(48)));
        Point damaged = new Point("bad", hour(96), Proof.FAILED);

        Recovery recovery = Recovery.of(hour(0), hour(130), Optional.of(goal), List.of(point(72), damaged, point(120)));

        assertThat(recovery.gaps()).containsExactly(new Gap(hour(96), hour(120)));
    }

    private static Optional<Goal> goal(int every, int tolerated, int since) {
        return Optional.of(new Goal(Duration.ofHours(every), Duration.ofHours(tolerated), hour(since), List.of()));
    }

    @Test
    void arrows_that_do_not_meet_share_a_row() {
        FlowMap map = FlowMap.of(
                List.of("a", "b", "c"),
                List.of(flow("a", "b", "data"), flow("b", "c", "data"), flow("a", "c", "schema"), flow("b", "a", "x")));

        assertThat(map.lines()).extracting(FlowMap.Line::y).containsExactly(24, 24, 58, 92);
        assertThat(map.rows()).isEqualTo(3);
    }

    @Test
    void flows_with_the_same_rule_between_the_same_lanes_are_one_arrow_and_those_within_a_lane_none() {
        FlowMap map = FlowMap.of(
                List.of("a", "b"), List.of(flow("a", "b", "data"), flow("a", "b", "schema"), flow("a", "a", "data")));

        assertThat(map.lines()).extracting(FlowMap.Line::what).containsExactly("data, schema");
    }

    @Test
    void too_many_arrows_are_no_picture() {
        List<Flow> flows = java.util.stream.IntStream.range(0, FlowMap.ROWS_MAX + 1)
                .mapToObj(number -> new Flow("a", "b", "data", Rule.ALLOW, "rule " + number, ""))
                .toList();

        assertThat(FlowMap.of(List.of("a", "b"), flows).rows()).isZero();
    }

    @Test
    void the_pace_is_that_of_the_last_seconds_and_says_what_is_left() {
        Pace pace = new Pace();

        List<StepLine> first = pace.lines(List.of(copying(0)), hour(0));
        List<StepLine> second = pace.lines(List.of(copying(100_000)), hour(0).plusSeconds(10));
        List<StepLine> third = pace.lines(List.of(copying(400_000)), hour(0).plusSeconds(40));

        assertThat(first.getFirst().perSecond()).isEmpty();
        assertThat(second.getFirst().perSecond()).hasValue(10_000);
        assertThat(second.getFirst().left()).contains(Duration.ofSeconds(90));
        assertThat(third.getFirst().rate()).isEqualTo("10.0 kB/s");
        assertThat(third.getFirst().amount()).isEqualTo("400 kB of 1.0 MB");
    }

    @Test
    void a_step_that_has_ended_has_no_pace() {
        Pace pace = new Pace();
        pace.lines(List.of(copying(0)), hour(0));

        StepLine line = pace.lines(
                        List.of(new RunStep(1, "copying", Run.Unit.BYTES, 1_000_000, 1_000_000, true)),
                        hour(0).plusSeconds(5))
                .getFirst();

        assertThat(line.left()).isEmpty();
        assertThat(line.rate()).isEmpty();
        assertThat(line.percent()).hasValue(100);
    }

    @Test
    void an_ending_is_a_report_or_a_problem_in_either_shape() {
        Ending report =
                Ending.of(Optional.of("{\"tables\":12,\"contentBytes\":1500000,\"tookMillis\":1200,\"notes\":[1,2]}"));
        Ending wrapped = Ending.of(
                Optional.of("{\"problem\":{\"code\":\"CANCELLED\",\"fact\":\"f\",\"cause\":\"c\",\"remedy\":\"r\"}}"));

        assertThat(report.facts())
                .containsExactly(
                        new Ending.Fact("Tables", "12"),
                        new Ending.Fact("Content", "1.5 MB"),
                        new Ending.Fact("Took", "1.2 s"),
                        new Ending.Fact("Notes", "2"));
        assertThat(wrapped.trouble()).contains(new Trouble("CANCELLED", "f", "c", "r"));
        assertThat(Ending.of(Optional.of("no json")).facts()).isEmpty();
    }

    @Test
    void a_sparkline_reaches_the_top_with_its_highest_value() {
        Sparkline line = Sparkline.of(List.of(0.0, 10.0, 5.0));

        assertThat(line.points()).isEqualTo("0,23 50,1 100,12 ");
        assertThat(Sparkline.of(List.of(1.0)).isEmpty()).isTrue();
        assertThat(Sparkline.of(List.of(0.0, 0.0)).points()).isEqualTo("0,23 100,23 ");
    }

    private static RunStep copying(long done) {
        return new RunStep(1, "copying", Run.Unit.BYTES, 1_000_000, done, false);
    }

    private static Flow flow(String from, String to, String what) {
        return new Flow(from, to, what, Rule.ALLOW, "allowed", "charter.yaml:1");
    }

    private static Point point(int hour) {
        return new Point("p" + hour, hour(hour), Proof.UNPROVEN);
    }

    private static Instant hour(int hour) {
        return MONDAY.plus(Duration.ofHours(hour));
    }
}
