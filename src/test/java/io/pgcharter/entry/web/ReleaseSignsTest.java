package io.pgcharter.entry.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ReleaseSignsTest {
    private static final DatabaseName SHOP = new DatabaseName("shop");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(20);

    private volatile Predicate<DatabaseName> control = _ -> false;

    private static boolean away() {
        throw new ProblemException(ProblemCode.STATE_UNAVAILABLE, "away", "a test", "wait");
    }

    @Test
    void each_answer_is_the_newest_there_is() {
        ReleaseSigns signs = new ReleaseSigns(name -> control.test(name), LONG);
        assertThat(signs.isClosed(SHOP)).isFalse();
        control = _ -> true;
        assertThat(signs.isClosed(SHOP)).isTrue();
        control = _ -> false;
        assertThat(signs.isClosed(SHOP)).isFalse();
    }

    @Test
    void while_the_control_database_is_away_it_is_as_it_was_last_known_and_otherwise_open() {
        ReleaseSigns signs = new ReleaseSigns(name -> control.test(name), LONG);
        control = _ -> away();
        assertThat(signs.isClosed(SHOP)).isFalse();
        control = _ -> true;
        assertThat(signs.isClosed(SHOP)).isTrue();
        control = _ -> away();
        assertThat(signs.isClosed(SHOP)).isTrue();
    }

    @Test
    void whoever_probes_does_not_wait_for_a_control_database_that_hangs_and_it_is_asked_once()
            throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        control = _ -> {
            asked.incrementAndGet();
            try {
                hangs.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answered.countDown();
            return true;
        };
        ReleaseSigns signs = new ReleaseSigns(name -> control.test(name), SHORT);

        assertThat(signs.isClosed(SHOP)).isFalse();
        assertThat(signs.isClosed(SHOP)).isFalse();

        assertThat(asked).hasValue(1);
        hangs.countDown();
        answered.await();
    }
}
