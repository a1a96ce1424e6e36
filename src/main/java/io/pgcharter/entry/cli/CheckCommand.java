package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.CharterError;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.charter.Warning;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(
        name = "check",
        description = "Read the charter and print every error and warning. Touches no server and no state.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter check", "  pgcharter check --charter /etc/pgcharter/charter.yaml"})
final class CheckCommand implements Action {
    @Override
    public int run(Desk desk) {
        Charters.Reading reading = desk.corridor().reading();
        if (desk.json()) {
            desk.screen().line(OutcomeJson.text(document(reading)));
        } else {
            show(desk.screen(), reading);
        }
        return switch (reading) {
            case Charters.Parsed _ -> ExitCode.DONE;
            case Charters.Rejected _ -> ExitCode.USAGE;
        };
    }

    private static void show(Screen screen, Charters.Reading reading) {
        switch (reading) {
            case Charters.Rejected(var errors) -> {
                for (CharterError error : errors) {
                    screen.line(screen.dress(Tone.BAD, "error") + "    " + error.headline());
                    screen.paragraph("  remedy: ", error.remedy());
                }
                screen.line(Tone.BAD, Figures.count(errors.size(), "error"));
            }
            case Charters.Parsed(Charter charter, var warnings) -> {
                for (Warning warning : warnings) {
                    screen.line(screen.dress(Tone.WARNING, "warning") + "  " + charter.where(warning.line()) + ": "
                            + warning.text() + " (" + warning.rule() + ")");
                    screen.paragraph("  reason: ", warning.reason());
                }
                screen.line(screen.dress(Tone.GOOD, "✓") + " " + charter.file() + " is sound: "
                        + Figures.count(charter.environments().size(), "environment") + ", "
                        + Figures.count(charter.databases().size(), "database") + ", "
                        + (charter.repositories().size() == 1
                                ? "1 repository"
                                : charter.repositories().size() + " repositories")
                        + ", " + Figures.count(charter.flows().size(), "flow")
                        + (warnings.isEmpty() ? "" : "; " + Figures.count(warnings.size(), "warning")));
            }
        }
    }

    private static Map<String, Object> document(Charters.Reading reading) {
        Map<String, Object> document = new LinkedHashMap<>();
        switch (reading) {
            case Charters.Parsed(var _, var warnings) -> {
                document.put("outcome", "done");
                document.put("errors", List.of());
                document.put(
                        "warnings",
                        warnings.stream().map(CheckCommand::document).toList());
            }
            case Charters.Rejected(var errors) -> {
                document.put("outcome", "failed");
                document.put(
                        "errors", errors.stream().map(CheckCommand::document).toList());
                document.put("warnings", List.of());
            }
        }
        return document;
    }

    private static Map<String, Object> document(CharterError error) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("file", error.file());
        document.put("line", error.line());
        document.put("column", error.column());
        document.put("message", error.message());
        document.put("remedy", error.remedy());
        return document;
    }

    private static Map<String, Object> document(Warning warning) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("file", warning.file());
        document.put("line", warning.line());
        document.put("rule", warning.rule());
        document.put("text", warning.text());
        document.put("reason", warning.reason());
        return document;
    }
}
