package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.JournalLine;
import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "journal",
        description = "Show what was asked, decided, begun and ended, oldest first.",
        synopsisSubcommandLabel = "[verify]",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter journal --last 50", "  pgcharter journal verify"},
        subcommands = JournalVerifyCommand.class)
final class JournalCommand implements Action {
    /// How far back `--database` and `--run` look.
    private static final int SEARCHED_MAX = 100_000;

    @Option(names = "--last", paramLabel = "N", description = "How many entries at most. Default: ${DEFAULT-VALUE}.")
    int last = 40;

    @Option(names = "--database", paramLabel = "DATABASE", description = "Only entries about this database.")
    @Nullable
    DatabaseName database;

    @Option(names = "--run", paramLabel = "RUN", description = "Only entries of this run.")
    @Nullable
    RunId run;

    @Override
    public int run(Desk desk) {
        if (last < 1) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "--last is " + last,
                    "it is a number of entries, at least 1",
                    "pgcharter journal --last 40");
        }
        boolean all = database == null && run == null;
        List<JournalLine> lines = desk.corridor().journal(all ? last : SEARCHED_MAX).stream()
                .filter(this::isWanted)
                .toList();
        List<JournalLine> shown = lines.subList(Math.max(0, lines.size() - last), lines.size());
        if (desk.json()) {
            desk.screen().line(OutcomeJson.text(Map.of("entries", shown)));
        } else if (shown.isEmpty()) {
            desk.screen().line("no entries");
        } else {
            desk.screen().table(table(shown));
        }
        return ExitCode.DONE;
    }

    private boolean isWanted(JournalLine line) {
        return (run == null || line.run().equals(run.text()))
                && (database == null || List.of(line.target().split(" ", -1)).contains(database.text()));
    }

    private static Table table(List<JournalLine> lines) {
        Table table = new Table(
                Column.right("NUMBER"),
                Column.left("TIME"),
                Column.left("RUN"),
                Column.left("PERSON"),
                Column.left("STEP"),
                Column.left("VERB"),
                Column.left("TARGET"),
                Column.left("DETAIL"));
        for (JournalLine line : lines) {
            table.row(
                    Cell.of(Long.toString(line.number())),
                    Cell.of(Figures.time(line.at())),
                    Cell.of(line.run()),
                    Cell.of(line.person()),
                    Cell.of(line.step()),
                    Cell.of(line.verb()),
                    Cell.of(line.target()),
                    new Cell(line.detail(), tone(line.detail())));
        }
        return table;
    }

    private static Tone tone(String detail) {
        return detail.startsWith("denied") || detail.startsWith("failed") || detail.startsWith("refused")
                ? Tone.BAD
                : Tone.PLAIN;
    }
}
