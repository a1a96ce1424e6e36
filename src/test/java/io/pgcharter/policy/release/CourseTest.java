package io.pgcharter.policy.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.migration.Release.Mark;
import io.pgcharter.model.migration.Release.State;
import io.pgcharter.model.migration.Release.Step;
import io.pgcharter.policy.charter.ReleasePlan.Back;
import io.pgcharter.policy.release.Course.Next;
import io.pgcharter.policy.release.Course.Taken;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CourseTest {
    private static final List<Step> PREPARATION =
            List.of(Step.PINNED, Step.WINDOW, Step.BACKUP, Step.TOLD, Step.CLOSED);

    private static List<Taken> done(Step... steps) {
        return Stream.of(steps).map(step -> new Taken(step, Mark.DONE)).toList();
    }

    private static List<Taken> log(List<Taken> before, Step step, Mark mark) {
        return Stream.concat(before.stream(), Stream.of(new Taken(step, mark))).toList();
    }

    private static final List<Taken> PREPARED =
            PREPARATION.stream().map(step -> new Taken(step, Mark.DONE)).toList();

    @Test
    void where_all_goes_well_the_steps_are_taken_in_their_order() {
        List<Step> steps = new ArrayList<>();
        List<Taken> log = new ArrayList<>();
        Next next = Course.resume(log, Back.STOP);
        while (next instanceof Next.Take(Step step)) {
            steps.add(step);
            log.add(new Taken(step, Mark.DONE));
            next = Course.after(log, Back.STOP);
        }

        assertThat(steps)
                .containsExactly(
                        Step.PINNED,
                        Step.WINDOW,
                        Step.BACKUP,
                        Step.TOLD,
                        Step.CLOSED,
                        Step.APPLIED,
                        Step.VERIFIED,
                        Step.OPENED,
                        Step.WATCHED,
                        Step.ENDED);
        assertThat(next).isEqualTo(new Next.End(State.RELEASED));
    }

    @Test
    void before_anything_is_applied_whoever_takes_it_up_begins_anew() {
        assertThat(Course.resume(PREPARED, Back.DOWN)).isEqualTo(new Next.Take(Step.PINNED));
        assertThat(Course.resume(done(Step.PINNED), Back.DOWN)).isEqualTo(new Next.Take(Step.PINNED));
    }

    @Test
    void trouble_before_anything_is_applied_opens_what_was_closed_and_then_waits() {
        List<Taken> drifted = log(PREPARED, Step.PINNED, Mark.FAILED);

        assertThat(Course.after(drifted, Back.BACKUP)).isEqualTo(new Next.Take(Step.REOPENED));
        assertThat(Course.after(log(drifted, Step.REOPENED, Mark.DONE), Back.BACKUP))
                .isEqualTo(new Next.Stay());
        assertThat(Course.after(log(done(Step.PINNED), Step.WINDOW, Mark.FAILED), Back.BACKUP))
                .isEqualTo(new Next.Stay());
    }

    @Test
    void what_is_half_done_waits_for_a_person_unless_a_backup_takes_its_place() {
        List<Taken> half = log(PREPARED, Step.APPLIED, Mark.HELD);

        assertThat(Course.after(half, Back.DOWN)).isEqualTo(new Next.Stay());
        assertThat(Course.after(half, Back.STOP)).isEqualTo(new Next.Stay());
        assertThat(Course.after(half, Back.BACKUP)).isEqualTo(new Next.Take(Step.RETURNED));
        assertThat(Course.resume(half, Back.DOWN)).isEqualTo(new Next.Take(Step.APPLIED));
    }

    @Test
    void a_fault_seen_while_watching_closes_again_before_the_way_back() {
        List<Taken> watched =
                log(log(PREPARED, Step.APPLIED, Mark.DONE).stream().toList(), Step.VERIFIED, Mark.DONE);
        watched = log(log(watched, Step.OPENED, Mark.DONE), Step.WATCHED, Mark.FAILED);

        assertThat(Course.isClosed(watched)).isFalse();
        assertThat(Course.after(watched, Back.DOWN)).isEqualTo(new Next.Take(Step.RECLOSED));
        assertThat(Course.after(watched, Back.STOP)).isEqualTo(new Next.Take(Step.REPORTED));
    }

    /// What a release does to a database and its applications, as far as it matters here.
    private static final class World {
        private final Random random;
        private final Back back;
        private final List<Taken> log = new ArrayList<>();
        private int applied;
        private boolean isHalf;
        private boolean isClosed;

        World(Random random, Back back) {
            this.random = random;
            this.back = back;
        }

        /// One process carries the release on until it is over, waits, or the process is killed.
        ///
        /// @param trouble how many of 100 steps go wrong, and how many kill their process
        Next live(int trouble) {
            Next next = Course.resume(log, back);
            while (next instanceof Next.Take(Step step)) {
                holds(step);
                log.add(new Taken(step, Mark.BEGUN));
                if (happens(trouble)) {
                    return new Next.Stay();
                }
                Mark mark = take(step, happens(trouble));
                if (happens(trouble)) {
                    return new Next.Stay();
                }
                log.set(log.size() - 1, new Taken(step, mark));
                if (happens(trouble)) {
                    return new Next.Stay();
                }
                next = Course.after(log, back);
                if (next instanceof Next.Stay) {
                    assertThat(isClosed).as("%s", log).isEqualTo(log.stream().anyMatch(t -> t.step() == Step.APPLIED));
                }
            }
            return next;
        }

        private boolean happens(int percent) {
            return random.nextInt(100) < percent;
        }

        /// What must be so when a step is begun.
        private void holds(Step step) {
            boolean wasApplied = log.stream().anyMatch(taken -> taken.step() == Step.APPLIED);
            boolean isGoingBack = log.stream().anyMatch(taken -> taken.step() == Step.RETURNED);
            switch (step) {
                case PINNED, WINDOW, BACKUP, TOLD, CLOSED ->
                    assertThat(wasApplied).as("%s", log).isFalse();
                case APPLIED -> {
                    assertThat(isGoingBack).as("%s", log).isFalse();
                    assertThat(isClosed).as("%s", log).isTrue();
                    if (!wasApplied) {
                        assertThat(log.subList(log.size() - PREPARATION.size(), log.size()))
                                .isEqualTo(PREPARED);
                    }
                }
                case VERIFIED, OPENED, WATCHED, ENDED ->
                    assertThat(isGoingBack || isHalf || applied < 2)
                            .as("%s", log)
                            .isFalse();
                case RETURNED -> {
                    assertThat(isClosed).as("%s", log).isTrue();
                    assertThat(back).isNotEqualTo(Back.STOP);
                }
                case RECLOSED -> assertThat(back).isNotEqualTo(Back.STOP);
                case COMPARED, REOPENED, REPORTED -> {}
            }
        }

        private Mark take(Step step, boolean isTrouble) {
            switch (step) {
                case CLOSED, RECLOSED -> isClosed = true;
                case OPENED, REOPENED -> isClosed = false;
                case APPLIED -> {
                    // A person has resolved what was half done by the time somebody tries again.
                    isHalf = isTrouble && random.nextBoolean();
                    applied = isTrouble ? 1 : 2;
                    return isHalf ? Mark.HELD : isTrouble ? Mark.FAILED : Mark.DONE;
                }
                case RETURNED -> {
                    if (isTrouble) {
                        return Mark.FAILED;
                    }
                    applied = 0;
                    isHalf = false;
                }
                case PINNED, WINDOW, BACKUP, TOLD, VERIFIED, WATCHED, COMPARED -> {
                    return isTrouble ? Mark.FAILED : Mark.DONE;
                }
                case ENDED, REPORTED -> {}
            }
            return Mark.DONE;
        }
    }

    @Property(tries = 5_000)
    void whatever_is_killed_and_fails_it_ends_applied_or_rolled_back_and_open_or_stuck_and_closed(
            @ForAll long seed, @ForAll Back back) {
        World world = new World(new Random(seed), back);
        Next next = new Next.Stay();
        for (int life = 0; life < 12 && !(next instanceof Next.End); life++) {
            next = world.live(20);
        }
        for (int life = 0; life < 2 && !(next instanceof Next.End); life++) {
            next = world.live(0);
        }

        assertThat(next).as("%s", world.log).isInstanceOf(Next.End.class);
        assertThat(world.isClosed).as("%s", world.log).isFalse();
        switch (((Next.End) next).state()) {
            case RELEASED -> assertThat(world.applied).isEqualTo(2);
            case ROLLED_BACK ->
                assertThat(world.applied + (world.isHalf ? 1 : 0)).isZero();
            case STOPPED -> assertThat(back).isEqualTo(Back.STOP);
            case OPEN, ABANDONED -> throw new AssertionError("the course gives nothing up");
        }
    }
}
