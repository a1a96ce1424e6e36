package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.Failure;
import io.pgcharter.model.estate.RunEnd;
import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Observation;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Whether work that keeps a promise of the charter has failed and not succeeded since.
public final class RunChecks {
    /// The work that keeps a promise. What a person tries once, such as a restore, is not among it.
    public static final List<String> VERBS = List.of(
            "backup",
            "verify",
            "retention apply",
            "repository check",
            "repository prune",
            "repository copy",
            "maintain",
            "journal verify");

    /// What says that something that was relied on is lost.
    private static final Set<String> GRAVE = Set.of("PROOF_FAILED", "REPOSITORY_DAMAGED", "JOURNAL_BROKEN");

    private RunChecks() {}

    static Answer failed(List<Failure> failures, Instant now) {
        return new Answer.Seen(
                failures.stream().map(failure -> row(failure, now)).toList());
    }

    private static Observation row(Failure failure, Instant now) {
        RunEnd last = failure.last();
        return Observation.of(
                last.verb() + " " + String.join(" ", last.subjects()),
                last.code().filter(GRAVE::contains).isPresent() ? Level.CRIT : Level.WARN,
                (failure.count() == 1 ? "failed " : "failed " + failure.count() + " times in a row, last ")
                        + Figures.age(last.endedAt(), now) + " in run " + last.run() + ": "
                        + last.code().map(code -> code + ": ").orElse("")
                        + last.fact().orElse(last.outcome()));
    }
}
