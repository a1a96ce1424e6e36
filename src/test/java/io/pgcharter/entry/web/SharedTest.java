package io.pgcharter.entry.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedTest {
    private final AtomicInteger looks = new AtomicInteger();
    private long now;

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void it_is_looked_up_once_a_second_and_at_once_after_a_change() {
        Shared<Integer> shared = new Shared<>(looks::incrementAndGet, () -> now);

        assertThat(shared.get()).isEqualTo(1);
        pass(Shared.AGE_MAX.minusNanos(1));
        assertThat(shared.get()).isEqualTo(1);
        pass(Duration.ofNanos(1));
        assertThat(shared.get()).isEqualTo(2);
        shared.forget();
        assertThat(shared.get()).isEqualTo(3);
    }

    @Test
    void who_asks_while_somebody_looks_waits_for_the_same() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Shared<Integer> shared = new Shared<>(
                () -> {
                    begun.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return looks.incrementAndGet();
                },
                () -> now);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Integer>> readers = IntStream.range(0, 500)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(shared::get, threads))
                    .toList();
            begun.await();
            pass(Duration.ofMinutes(1));

            end.countDown();

            assertThat(readers).allSatisfy(reader -> assertThat(reader.join()).isPositive());
        }
        assertThat(looks).hasValueBetween(1, 2); // a second one by who came when the first was over, and a minute old
    }

    @Test
    void a_failure_is_told_and_not_kept() {
        Shared<Integer> shared = new Shared<>(
                () -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new IllegalStateException("gone");
                    }
                    return looks.get();
                },
                () -> now);

        assertThatThrownBy(shared::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("gone");
        assertThat(shared.get()).isEqualTo(2);
    }
}
