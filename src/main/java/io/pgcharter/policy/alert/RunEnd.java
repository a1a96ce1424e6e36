package io.pgcharter.policy.alert;

import io.pgcharter.model.alert.Topic;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.policy.guard.Roles;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// How a run ended.
///
/// @param text what became of it, in one line: `RUN_LOST: run 0f1e2d3c4b5a (backup) never ended`
public record RunEnd(
        String run, Operation operation, List<String> subjects, How how, String node, String text, Instant endedAt) {
    /// Whose failure may cost data, or hides that data may be lost.
    private static final Set<String> GRAVE = Set.of(
            "backup",
            "verify",
            "restore",
            "repository check",
            "repository repair",
            "repository copy",
            "repository prune",
            "retention apply");

    /// How a run may end.
    public enum How {
        DONE,
        FAILED,
        /// Its process died.
        LOST,
        /// A person stopped it.
        CANCELLED
    }

    public RunEnd {
        subjects = List.copyOf(subjects);
    }

    /// Whether its failure is told. Whoever only wanted to read something saw the failure; whoever sees to alerts too.
    boolean concerns() {
        return Roles.needed(operation) != Role.VIEWER && !operation.verb().startsWith("alerts ") && !stands();
    }

    /// Whether the run goes on for as long as its process: its end says something of the process.
    boolean stands() {
        return operation instanceof ServingOperation.Watch || operation instanceof ServingOperation.Alert;
    }

    boolean hasFailed() {
        return how == How.FAILED || how == How.LOST;
    }

    Topic topic() {
        return new Topic(
                "run/" + operation.verb().replace(' ', '-'),
                subjects.isEmpty() ? List.of(Topic.INSTALLATION) : subjects);
    }

    Level level() {
        return GRAVE.contains(operation.verb()) ? Level.CRIT : Level.WARN;
    }
}
