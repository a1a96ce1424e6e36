package io.pgcharter.entry.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private final AtomicLong nanos = new AtomicLong(1);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void a_burst_is_served_then_so_many_a_second_and_others_are_not_touched() {
        RateLimit limit = new RateLimit(10, 50, nanos::get);

        assertThat(admitted(limit, 100)).isEqualTo(50);
        pass(Duration.ofSeconds(1));
        assertThat(admitted(limit, 100)).isEqualTo(10);
        assertThat(limit.admits("other")).isTrue();
        pass(Duration.ofHours(1));
        assertThat(admitted(limit, 100)).isEqualTo(50);
    }

    private static long admitted(RateLimit limit, int count) {
        return IntStream.range(0, count).filter(_ -> limit.admits("one")).count();
    }

    @Test
    void however_many_clients_come_only_so_many_are_remembered() {
        RateLimit limit = new RateLimit(1, 1, nanos::get);
        limit.admits("first");
        assertThat(limit.admits("first")).isFalse();

        IntStream.range(0, 10_000).forEach(each -> limit.admits("client " + each));

        assertThat(limit.admits("first")).isTrue();
    }

    @Test
    void after_some_wrong_passwords_each_one_waits_twice_as_long_up_to_a_quarter_of_an_hour() {
        LoginThrottle throttle = new LoginThrottle(nanos::get);
        for (int time = 0; time < LoginThrottle.FREE_FOR_USER; time++) {
            assertThat(throttle.waiting("eve", "10.0.0.1")).isZero();
            throttle.failed("eve", "10.0.0.1");
        }

        for (long seconds = 1; seconds <= 512; seconds *= 2) {
            assertThat(throttle.waiting("eve", "10.0.0.1")).isEqualTo(Duration.ofSeconds(seconds));
            pass(Duration.ofSeconds(seconds));
            assertThat(throttle.waiting("eve", "10.0.0.1")).isZero();
            throttle.failed("eve", "10.0.0.1");
        }
        assertThat(throttle.waiting("eve", "10.0.0.1")).isEqualTo(LoginThrottle.WAIT_MAX);
    }

    @Test
    void nobody_can_lock_somebody_out_from_elsewhere() {
        LoginThrottle throttle = new LoginThrottle(nanos::get);
        for (int time = 0; time < 1000; time++) {
            throttle.failed("alice", "10.6.6.6");
        }

        assertThat(throttle.waiting("alice", "10.0.0.1")).isZero();
        assertThat(throttle.waiting("bob", "10.6.6.6")).isPositive();
    }

    @Test
    void the_right_password_makes_the_wrong_ones_forgotten() {
        LoginThrottle throttle = new LoginThrottle(nanos::get);
        for (int time = 0; time < 7; time++) {
            throttle.failed("alice", "10.0.0.1");
        }
        assertThat(throttle.waiting("alice", "10.0.0.1")).isPositive();

        throttle.succeeded("alice", "10.0.0.1");

        assertThat(throttle.waiting("alice", "10.0.0.1")).isZero();
    }

    @Test
    void a_browser_is_named_by_what_it_says_first_of_itself_and_nothing_else_of_that_is_kept() {
        assertThat(BrowserName.of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"))
                .isEqualTo("Firefox on Linux");
        assertThat(BrowserName.of("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140"))
                .isEqualTo("Edge on Windows");
        assertThat(BrowserName.of("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537"))
                .isEqualTo("Chrome on Android");
        assertThat(BrowserName.of("<script>")).isEqualTo("a program");
    }
}
