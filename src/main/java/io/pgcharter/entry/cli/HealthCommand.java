package io.pgcharter.entry.cli;

import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "health",
        description = "Make every check once, now, and show what is wrong first: of databases, and of pgcharter's own"
                + " things. Reads catalogs and statistics only. What could not be seen is UNKNOWN, with the grant that"
                + " would help, never OK.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter health", "  pgcharter health payments --fail-on warn --json"})
final class HealthCommand implements Action, Wish {
    @Parameters(
            paramLabel = "DATABASE",
            arity = "0..*",
            description = "Only these databases. Default: all of the charter, and the installation.")
    List<DatabaseName> databases = List.of();

    @Option(
            names = "--fail-on",
            paramLabel = "LEVEL",
            description = "End with 1 from this level on: crit, warn or unknown. Default: crit. What the charter waives"
                    + " does not count.")
    FailOn failOn = FailOn.crit;

    @Option(names = "--all", description = "Also list what is OK or does not apply.")
    boolean all;

    /// From which level on a script should stop; written as on the command line.
    enum FailOn {
        crit(Level.CRIT),
        warn(Level.WARN),
        unknown(Level.UNKNOWN);

        private final Level level;

        FailOn(Level level) {
            this.level = level;
        }
    }

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        databases.forEach(desk::database);
        if (!databases.isEmpty()) {
            return databases.stream()
                    .<Operation>map(name -> new Operation.Health(Optional.of(name)))
                    .toList();
        }
        return Stream.concat(
                        desk.charter().databases().keySet().stream()
                                .map(name -> new Operation.Health(Optional.of(name))),
                        Stream.of(new Operation.Health(Optional.empty())))
                .<Operation>map(operation -> operation)
                .toList();
    }

    @Override
    public int run(Desk desk) {
        List<Operation> operations = operations(desk, new BackupFinder(desk));
        List<Outcome> outcomes =
                Together.map(operations, operation -> desk.submit(operation, desk.asking(), Observer.none()));
        List<Report.Health> reports = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Done(var _, Report.Health health)) {
                reports.add(health);
            }
        }
        if (desk.json()) {
            desk.screen()
                    .line(OutcomeJson.text(Map.of(
                            "results", outcomes.stream().map(OutcomeJson::of).toList())));
        } else {
            new ChecksText(desk.screen()).show(reports, all);
            notDone(desk, operations, outcomes);
        }
        boolean isBad = reports.stream()
                .flatMap(report -> report.checks().stream())
                .anyMatch(check -> check.level().compareTo(failOn.level) >= 0);
        return isBad ? ExitCode.FAILED : ExitCode.of(outcomes);
    }

    /// As `--help` lists them.
    static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "no check is as bad as --fail-on says");
        codes.put("1", "at least one check is, or the checks could not be made");
        codes.put("2", "the command line or the charter is wrong");
        codes.put("3", "the charter refused some");
        return codes;
    }

    private static void notDone(Desk desk, List<Operation> operations, List<Outcome> outcomes) {
        for (int index = 0; index < outcomes.size(); index++) {
            if (!(outcomes.get(index) instanceof Outcome.Done)) {
                new OutcomeText(desk.screen(), desk.clock()).show(operations.get(index), outcomes.get(index));
            }
        }
    }
}
