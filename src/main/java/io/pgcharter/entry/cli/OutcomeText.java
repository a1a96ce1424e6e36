package io.pgcharter.entry.cli;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.OperationText;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.policy.guard.Decision;
import java.time.InstantSource;
import java.util.Optional;

/// Outcomes as people read them: reports to the result, everything else beside it.
final class OutcomeText {
    private final Screen screen;
    private final InstantSource clock;

    OutcomeText(Screen screen, InstantSource clock) {
        this.screen = screen;
        this.clock = clock;
    }

    void show(Operation operation, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done(var _, var report) -> new ReportText(screen, clock.instant()).show(report);
            case Outcome.Failed(var run, var problem) -> {
                screen.aside(Tone.BAD, "failed", ": " + OperationText.of(operation) + " (run " + run + ")");
                screen.aside(problem.text());
            }
            case Outcome.Refused(var _, var reasons) -> {
                screen.aside(Tone.BAD, "refused", ": " + OperationText.of(operation));
                reasons.forEach(reason -> screen.aside("  " + reason));
            }
            case Outcome.Waiting(var _, var decision, var request) -> waiting(operation, decision, request);
        }
    }

    private void waiting(Operation operation, Decision decision, Optional<String> request) {
        screen.aside(Tone.WARNING, "waiting", ": " + OperationText.of(operation) + "; nothing was begun");
        decision.reasons().forEach(reason -> screen.aside("  " + reason));
        screen.aside("  next: " + next(decision, request));
    }

    /// What a person has to do so that the operation can go on.
    static String next(Decision decision, Optional<String> request) {
        return switch (decision) {
            case Decision.NeedsConfirmation(var _, String name, var _) -> "repeat it with --confirm " + name;
            case Decision.NeedsApproval(var _, int given, int needed, String role, var _) ->
                given + " of " + needed + " approvals by role '" + role + "' are given"
                        + request.map(id -> "; another person runs: pgcharter approve " + id + ", then repeat it")
                                .orElse("");
            case Decision.Allowed _ -> "repeat it";
            case Decision.Denied _ -> "change the charter";
        };
    }
}
