package io.pgcharter.platform.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Programs that do not end as they should.
class ProgramIT {
    private static Program shell(String script, Duration timeout) {
        return new Program(List.of("sh", "-c", script), Map.of(), Optional.empty(), timeout);
    }

    private static Problem problem(Runnable work) {
        return catchThrowableOfType(ProblemException.class, work::run).problem();
    }

    @Test
    @Timeout(30)
    void a_program_that_takes_too_long_is_killed_at_its_time_limit() {
        // It ignores being asked, and has a child that holds its output open.
        Program program = shell("trap '' TERM; sleep 300 & sleep 300", Duration.ofMillis(300));

        Problem problem = problem(program::run);

        assertThat(problem.code()).isEqualTo(ProblemCode.TIMED_OUT);
        assertThat(problem.fact()).contains("'sh' did not end");
    }

    @Test
    @Timeout(30)
    void what_the_check_throws_ends_the_program() {
        IllegalStateException stop = new IllegalStateException("stop");
        Program program = shell("sleep 300", Duration.ofMinutes(5));
        Set<ProcessHandle> others = ProcessHandle.current().children().collect(Collectors.toSet());

        assertThatThrownBy(() -> program.run(() -> {
                    throw stop;
                }))
                .isSameAs(stop);
        // Servers of other tests in this JVM are its children too.
        assertThat(ProcessHandle.current().children().filter(child -> !others.contains(child)))
                .noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void a_program_that_fails_or_is_missing_is_one_clear_problem() {
        Problem failed = problem(() ->
                shell("echo one; echo two >&2; exit 3", Duration.ofMinutes(1)).runOrThrow("do"));
        assertThat(failed.code()).isEqualTo(ProblemCode.PROGRAM_FAILED);
        assertThat(failed.fact()).isEqualTo("'sh' ended with exit code 3");
        assertThat(failed.cause()).isEqualTo("two");

        Program none = new Program(List.of("no-such-program"), Map.of(), Optional.empty(), Duration.ofMinutes(1));
        assertThat(problem(none::run).code()).isEqualTo(ProblemCode.PROGRAM_MISSING);
    }
}
