package io.pgcharter.platform.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.migration.Pin;
import io.pgcharter.model.migration.Release;
import io.pgcharter.model.migration.Release.Content;
import io.pgcharter.model.migration.Release.Entry;
import io.pgcharter.model.migration.Release.Mark;
import io.pgcharter.model.migration.Release.Step;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.sandbox.TestServers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReleasesIT {
    private static final DatabaseName SHOP = new DatabaseName("shop");
    private static final RunId ONE = new RunId("111111111111");
    private static final RunId OTHER = new RunId("222222222222");
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private State state;
    private Releases releases;

    @BeforeEach
    void open() {
        state = State.open(TestServers.text(TestServers.fresh(18)), TestServers.directory());
        releases = new Releases(state);
    }

    @AfterEach
    void close() {
        state.close();
    }

    private static Release release(RunId run) {
        return new Release(
                run.text(),
                SHOP,
                new Pin("a".repeat(64)),
                List.of(new Content("2_b", new Pin("b".repeat(64))), new Content("1_a", new Pin("c".repeat(64)))),
                "before",
                "after",
                NOON,
                Release.State.OPEN,
                false,
                List.of(new Entry(1, Step.PINNED, Mark.DONE, run, NOON, Optional.empty(), Map.of("pin", "aaaa"))));
    }

    private static boolean isBusy(Throwable thrown) {
        return thrown instanceof ProblemException e && e.problem().code() == ProblemCode.TARGET_BUSY;
    }

    @Test
    void what_is_entered_is_read_again_with_its_log_in_order() {
        releases.enter(release(ONE));
        releases.begin(ONE.text(), 2, Step.WINDOW, OTHER);

        Release read = releases.open(SHOP).orElseThrow();

        assertThat(read.migrations()).isEqualTo(release(ONE).migrations());
        assertThat(read.pin()).isEqualTo(release(ONE).pin());
        assertThat(read.before() + read.after()).isEqualTo("beforeafter");
        assertThat(read.log()).extracting(Entry::step).containsExactly(Step.PINNED, Step.WINDOW);
        assertThat(read.log().getFirst().evidence()).containsExactly(Map.entry("pin", "aaaa"));
        assertThat(read.last().mark()).isEqualTo(Mark.BEGUN);
        assertThat(read.last().run()).isEqualTo(OTHER);
    }

    @Test
    void of_two_releases_of_a_database_and_of_two_that_take_a_step_one_is_refused() {
        releases.enter(release(ONE));
        assertThatThrownBy(() -> releases.enter(release(OTHER))).matches(ReleasesIT::isBusy);

        releases.begin(ONE.text(), 2, Step.WINDOW, ONE);
        assertThatThrownBy(() -> releases.begin(ONE.text(), 2, Step.WINDOW, OTHER))
                .matches(ReleasesIT::isBusy);

        releases.conclude(ONE.text(), Release.State.RELEASED);
        releases.enter(release(OTHER));
        assertThat(releases.open(SHOP).orElseThrow().id()).isEqualTo(OTHER.text());
    }

    @Test
    void the_end_of_a_step_closes_and_opens_and_what_is_over_is_open() {
        releases.enter(release(ONE));
        assertThat(releases.isClosed(SHOP)).isFalse();
        releases.begin(ONE.text(), 2, Step.CLOSED, ONE);
        assertThat(releases.isClosed(SHOP)).isFalse();
        releases.end(ONE.text(), 2, Mark.DONE, Map.of(), Optional.of(true));
        assertThat(releases.isClosed(SHOP)).isTrue();
        assertThat(releases.isClosed(new DatabaseName("other"))).isFalse();

        releases.conclude(ONE.text(), Release.State.ROLLED_BACK);

        assertThat(releases.isClosed(SHOP)).isFalse();
        assertThat(releases.open(SHOP)).isEmpty();
    }
}
