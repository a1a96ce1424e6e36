package io.pgcharter.entry.cli;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.OperationText;
import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.entry.terminal.Progress;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.policy.guard.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Hands a wish's operations to the engine, one after the other, and shows how each ended.
final class Submission {
    private final Desk desk;
    private final OutcomeText text;

    Submission(Desk desk) {
        this.desk = desk;
        this.text = new OutcomeText(desk.screen(), desk.clock());
    }

    int run(Wish wish) {
        List<Operation> operations = wish.operations(desk, new BackupFinder(desk));
        UnaryOperator<Report> shown = wish instanceof ReportFilter filter ? filter::filter : UnaryOperator.identity();
        List<Outcome> outcomes = new ArrayList<>();
        for (Operation operation : operations) {
            Outcome outcome = filtered(submit(operation), shown);
            outcomes.add(outcome);
            if (!desk.json()) {
                text.show(operation, outcome);
            }
        }
        if (desk.json()) {
            List<Map<String, Object>> documents =
                    outcomes.stream().map(OutcomeJson::of).toList();
            desk.screen()
                    .line(OutcomeJson.text(
                            documents.size() == 1 ? documents.getFirst() : Map.of("results", documents)));
        }
        return ExitCode.of(outcomes);
    }

    private Outcome submit(Operation operation) {
        Outcome outcome = submit(operation, desk.asking());
        if (outcome
                        instanceof
                        Outcome.Waiting(var _, Decision.NeedsConfirmation(var _, String name, var reasons), var _)
                && desk.asking().confirmation().isEmpty()) {
            if (desk.screen().in().isPresent()) {
                reasons.forEach(reason -> desk.screen().aside(reason.toString()));
            }
            Optional<String> typed = desk.screen()
                    .ask(OperationText.of(operation) + ": type " + name + " to go on, anything else to stop:");
            if (typed.isPresent()) {
                return submit(operation, new Asking(desk.asking().actor(), typed));
            }
        }
        return outcome;
    }

    private Outcome submit(Operation operation, Asking asking) {
        try (Progress progress = new Progress(desk.screen(), desk.clock())) {
            return desk.submit(operation, asking, progress);
        }
    }

    private static Outcome filtered(Outcome outcome, UnaryOperator<Report> filter) {
        return outcome instanceof Outcome.Done(var run, Report report)
                ? new Outcome.Done(run, filter.apply(report))
                : outcome;
    }
}
