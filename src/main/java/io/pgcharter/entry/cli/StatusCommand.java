package io.pgcharter.entry.cli;

import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.policy.charter.Charter.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        description =
                "Ask every database who and how it is, and say how the charter lets it be used. All are asked at once and"
                        + " each has 5 seconds to answer.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter status", "  pgcharter status payments --json"})
final class StatusCommand implements Action, Wish {
    @Parameters(
            paramLabel = "DATABASE",
            arity = "0..*",
            description = "Only these databases. Default: all of the charter.")
    List<DatabaseName> databases = List.of();

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        databases.forEach(desk::database);
        List<DatabaseName> wanted =
                databases.isEmpty() ? List.copyOf(desk.charter().databases().keySet()) : databases;
        return wanted.stream().<Operation>map(Operation.Status::new).toList();
    }

    @Override
    public int run(Desk desk) {
        List<Operation> operations = operations(desk, new BackupFinder(desk));
        List<Outcome> outcomes =
                Together.map(operations, operation -> desk.submit(operation, desk.asking(), Observer.none()));
        BackupHistory history = BackupHistory.of(desk);
        if (desk.json()) {
            List<Map<String, Object>> documents = new ArrayList<>();
            for (int index = 0; index < operations.size(); index++) {
                documents.add(document(desk, name(operations.get(index)), outcomes.get(index), history));
            }
            desk.screen().line(OutcomeJson.text(Map.of("results", documents)));
        } else {
            show(desk, operations, outcomes, history);
        }
        return code(outcomes);
    }

    /// As `--help` lists them.
    static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "every database answered");
        codes.put("1", "at least one database cannot be reached, or its status failed");
        codes.put("2", "the command line or the charter is wrong");
        codes.put("3", "every database that may be asked answered, but the charter refused some");
        return codes;
    }

    private static int code(List<Outcome> outcomes) {
        boolean unreachable = outcomes.stream()
                .anyMatch(
                        outcome -> outcome instanceof Outcome.Done(var _, Report.Status status) && !status.reachable());
        return unreachable ? ExitCode.FAILED : ExitCode.of(outcomes);
    }

    private static DatabaseName name(Operation operation) {
        return ((Operation.Status) operation).database();
    }

    private static Map<String, Object> document(Desk desk, DatabaseName name, Outcome outcome, BackupHistory history) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("database", name.text());
        document.putAll(OutcomeJson.of(outcome));
        history.lastBackup(name).ifPresent(at -> document.put("lastBackupAt", at));
        history.lastProof(name).ifPresent(at -> document.put("lastProofAt", at));
        Database database = desk.charter().database(name);
        document.put("uses", DatabaseUse.of(desk.charter(), database.environment()));
        return document;
    }

    private static void show(Desk desk, List<Operation> operations, List<Outcome> outcomes, BackupHistory history) {
        Table table = new Table(
                Column.left("DATABASE"),
                Column.left("ENVIRONMENT"),
                Column.left("STATE"),
                Column.left("SERVER"),
                Column.left("ROLE"),
                Column.right("SIZE"),
                Column.right("TABLES"),
                Column.left("LAST BACKUP"),
                Column.left("LAST PROOF"));
        Instant now = desk.clock().instant();
        for (int index = 0; index < outcomes.size(); index++) {
            DatabaseName name = name(operations.get(index));
            Database database = desk.charter().database(name);
            List<Cell> cells = new ArrayList<>(
                    List.of(Cell.of(name.text()), Cell.of(database.environment().text())));
            cells.addAll(facts(outcomes.get(index)));
            cells.add(history.cell(history.lastBackup(name), name, now));
            cells.add(history.cell(history.lastProof(name), name, now));
            table.row(cells.toArray(Cell[]::new));
        }
        Screen screen = desk.screen();
        screen.table(table);
        screen.line("");
        screen.line(Tone.STRONG, "How each may be used");
        for (Operation operation : operations) {
            Database database = desk.charter().database(name(operation));
            screen.line("  " + database.name() + ":");
            DatabaseUse.of(desk.charter(), database.environment()).forEach(use -> screen.line("    " + use));
        }
        trouble(desk, operations, outcomes);
    }

    /// STATE, SERVER, ROLE, SIZE, TABLES.
    private static List<Cell> facts(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(var _, Report.Status status)
            when status.reachable() ->
                List.of(
                        new Cell(state(status), status.isProtected() ? Tone.STRONG : Tone.GOOD),
                        Cell.of(Figures.version(status.serverVersion().orElse("?"))),
                        Cell.of(status.role().orElse("?")),
                        Cell.of(Figures.size(status.sizeBytes())),
                        Cell.of(Figures.count(status.tableCount())));
            case Outcome.Done _ -> without("unreachable", Tone.BAD);
            case Outcome.Failed _ -> without("failed", Tone.BAD);
            case Outcome.Refused _ -> without("refused", Tone.WARNING);
            case Outcome.Waiting _ -> without("waiting", Tone.WARNING);
        };
    }

    private static String state(Report.Status status) {
        return "ok" + (status.isProtected() ? ", protected" : "") + (status.inRecovery() ? ", standby" : "")
                + (status.tls() ? ", tls" : "");
    }

    private static List<Cell> without(String state, Tone tone) {
        return List.of(new Cell(state, tone), Cell.none(), Cell.none(), Cell.none(), Cell.none());
    }

    private static void trouble(Desk desk, List<Operation> operations, List<Outcome> outcomes) {
        for (int index = 0; index < outcomes.size(); index++) {
            switch (outcomes.get(index)) {
                case Outcome.Done(var _, Report.Status status) -> {
                    DatabaseName name = name(operations.get(index));
                    status.trouble()
                            .ifPresent(text -> desk.screen().aside(Tone.BAD, "unreachable", ": " + name + ": " + text));
                }
                case Outcome.Done _ -> {}
                case Outcome.Failed _, Outcome.Refused _, Outcome.Waiting _ ->
                    new OutcomeText(desk.screen(), desk.clock()).show(operations.get(index), outcomes.get(index));
            }
        }
    }
}
