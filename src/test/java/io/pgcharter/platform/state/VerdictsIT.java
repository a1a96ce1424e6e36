package io.pgcharter.platform.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.platform.sandbox.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictsIT {
    @TempDir
    private Path directory;

    private State state;
    private Verdicts verdicts;

    @BeforeEach
    void open() {
        state = State.open(TestServers.text(TestServers.fresh(15)), directory);
        verdicts = new Verdicts(state);
    }

    @AfterEach
    void close() {
        state.close();
    }

    private static Verdict verdict(String subject, String check, Level level) {
        return new Verdict(check, subject, level, check + " says so", List.of(), OptionalDouble.empty());
    }

    private static List<String> names(List<StandingVerdict> verdicts) {
        return verdicts.stream()
                .map(standing ->
                        standing.verdict().subject() + " " + standing.verdict().check())
                .toList();
    }

    @Test
    void what_they_come_to_is_the_worst_of_each_subject_whatever_makes_no_sense_there() {
        verdicts.enter(List.of(
                verdict("database/b", "one", Level.WARN),
                verdict("database/b", "two", Level.CRIT),
                verdict("database/b", "three", Level.OK),
                verdict("database/a", "one", Level.UNKNOWN),
                verdict("database/well", "one", Level.OK),
                verdict("database/well", "two", Level.NOT_APPLICABLE)));

        VerdictSummary summary = verdicts.summary(2);

        assertThat(summary.level()).isEqualTo(Level.CRIT);
        assertThat(summary.level("database/a")).isEqualTo(Level.UNKNOWN);
        assertThat(summary.level("database/b")).isEqualTo(Level.CRIT);
        assertThat(summary.worst("database/b"))
                .hasValueSatisfying(worst -> assertThat(worst.verdict().check()).isEqualTo("two"));
        assertThat(summary.level("database/well")).isEqualTo(Level.OK);
        assertThat(summary.worst("database/well")).isEmpty();
        assertThat(summary.level("database/never")).isEqualTo(Level.NOT_APPLICABLE);
        assertThat(names(summary.first())).containsExactly("database/b two", "database/b one");
        assertThat(names(verdicts.worst(4)))
                .containsExactly("database/b two", "database/b one", "database/a one", "database/b three");
        assertThat(verdicts.worst(100)).hasSize(6);
        assertThat(verdicts.counts()).containsEntry("database/b", Map.of(Level.WARN, 1, Level.CRIT, 1, Level.OK, 1));
    }

    @Test
    void a_subject_of_which_nothing_is_heard_is_silent_and_one_that_is_no_more_is_not() {
        verdicts.enter(List.of(verdict("database/old", "one", Level.OK), verdict("database/gone", "one", Level.OK)));
        state.jdbi().useHandle(handle -> handle.execute("UPDATE pgcharter.judged SET at = at - interval '1 hour'"));
        verdicts.enter(List.of(verdict("database/new", "one", Level.OK)));
        verdicts.keepOnly(Set.of("database/old", "database/new"), Set.of("one"));

        List<String> silent = new ArrayList<>();
        new AlertBook(state).sit(sitting -> {
            assertThat(sitting.isWatched()).isTrue();
            silent.addAll(sitting.silent(Duration.ofMinutes(5)).keySet());
        });

        assertThat(silent).containsExactly("database/old");
    }
}
