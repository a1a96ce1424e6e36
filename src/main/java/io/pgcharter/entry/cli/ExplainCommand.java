package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.OperationText;
import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.policy.guard.Decision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description = "Say what the charter makes of a command, with every reason, without doing it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter explain copy payments payments-dev",
            "  pgcharter explain backup payments --as development"
        })
final class ExplainCommand implements Action {
    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "A verb and its arguments, as you would type it.")
    List<String> words = List.of();

    /// What the words mean; set by [Cli] after it has parsed them.
    @Nullable
    Wish wish;

    @Override
    public int run(Desk desk) {
        List<Operation> operations = Desk.given(wish).operations(desk, new BackupFinder(desk));
        List<Decision> decisions = new ArrayList<>();
        List<Map<String, Object>> documents = new ArrayList<>();
        for (Operation operation : operations) {
            Decision decision = desk.corridor().explain(operation, desk.asking());
            decisions.add(decision);
            if (desk.json()) {
                Map<String, Object> document = new LinkedHashMap<>();
                document.put("operation", OperationText.of(operation));
                document.putAll(OutcomeJson.of(decision));
                documents.add(document);
            } else {
                show(desk, operation, decision);
            }
        }
        if (desk.json()) {
            desk.screen()
                    .line(OutcomeJson.text(
                            documents.size() == 1 ? documents.getFirst() : Map.of("results", documents)));
        }
        return decisions.stream().mapToInt(ExplainCommand::code).max().orElse(ExitCode.DONE);
    }

    private static void show(Desk desk, Operation operation, Decision decision) {
        String verdict = switch (decision) {
            case Decision.Allowed _ -> desk.screen().dress(Tone.GOOD, "allowed");
            case Decision.Denied _ -> desk.screen().dress(Tone.BAD, "denied");
            case Decision.NeedsConfirmation _ -> desk.screen().dress(Tone.WARNING, "needs confirmation");
            case Decision.NeedsApproval _ -> desk.screen().dress(Tone.WARNING, "needs approval");
        };
        desk.screen().line(verdict + ": " + OperationText.of(operation));
        decision.reasons().forEach(reason -> desk.screen().line("  " + reason));
        if (code(decision) != ExitCode.DONE) {
            desk.screen().line("  next: " + OutcomeText.next(decision, Optional.empty()));
        }
    }

    private static int code(Decision decision) {
        return switch (decision) {
            case Decision.Allowed _ -> ExitCode.DONE;
            case Decision.Denied _ -> ExitCode.REFUSED;
            case Decision.NeedsConfirmation _, Decision.NeedsApproval _ -> ExitCode.WAITING;
        };
    }
}
