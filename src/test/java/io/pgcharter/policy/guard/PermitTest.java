package io.pgcharter.policy.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.policy.charter.Charters;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PermitTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Operation STATUS = new Operation.Status(new DatabaseName("dev"));

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);

    private Permit permit() {
        Charters.Reading reading = Charters.parse("""
                charter: 1
                environments: { development: {} }
                databases: { dev: { environment: development, url: "${env:A}" } }
                """, "charter.yaml", Path.of("/"));
        Guard guard = new Guard(((Charters.Parsed) reading).charter(), time::get);
        Context context =
                new Context(new Actor("alice", Optional.empty()), Optional.empty(), List.of(), Optional.empty(), NOW);
        return ((Decision.Allowed) guard.decide(STATUS, context)).permit();
    }

    @Test
    void a_permit_is_used_once() {
        Permit permit = permit();
        assertThatCode(() -> permit.consume(new Operation.Status(new DatabaseName("dev"))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> permit.consume(STATUS)).hasMessageContaining("PERMIT_INVALID");
    }

    @Test
    void a_permit_is_not_transferred_and_the_attempt_does_not_spend_it() {
        Permit permit = permit();
        assertThatThrownBy(() -> permit.consume(new Operation.Status(new DatabaseName("other"))))
                .hasMessageContaining("PERMIT_INVALID");
        assertThatThrownBy(() -> permit.consume(new Operation.JournalVerify())).hasMessageContaining("PERMIT_INVALID");
        assertThatCode(() -> permit.consume(STATUS)).doesNotThrowAnyException();
    }

    @Test
    void a_permit_expires() {
        Permit permit = permit();
        time.set(NOW.plus(Guard.PERMIT_LIFETIME));
        assertThatThrownBy(() -> permit.consume(STATUS)).hasMessageContaining("it expired");
    }

    @Test
    void a_permit_holds_until_it_expires() {
        Permit permit = permit();
        time.set(NOW.plus(Guard.PERMIT_LIFETIME).minusNanos(1));
        assertThatCode(() -> permit.consume(STATUS)).doesNotThrowAnyException();
    }

    @Test
    void of_many_threads_one_uses_the_permit() {
        Permit permit = permit();
        AtomicInteger used = new AtomicInteger();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < 50; thread++) {
                executor.execute(() -> {
                    try {
                        permit.consume(STATUS);
                        used.incrementAndGet();
                    } catch (ProblemException refused) {
                        assertThat(refused.problem().cause()).isEqualTo("it was used before");
                    }
                });
            }
        }
        assertThat(used).hasValue(1);
    }
}
