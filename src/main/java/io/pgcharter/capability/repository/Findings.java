package io.pgcharter.capability.repository;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Report;
import io.pgcharter.platform.dump.BackupTags;
import io.pgcharter.platform.repository.CheckResult;
import io.pgcharter.platform.repository.Fault;
import io.pgcharter.platform.repository.Repository;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Faults in the words of whoever has to deal with them: what each costs, and what to type.
final class Findings {
    private final RepositoryName name;
    private final CheckResult result;
    private final Costs costs;

    Findings(RepositoryName name, Repository repository, CheckResult result) {
        this.name = name;
        this.result = result;
        costs = new Costs(repository);
    }

    List<Report.Finding> of(Predicate<Fault> wanted) {
        return result.faults().stream()
                .filter(wanted)
                .map(fault -> new Report.Finding(fault.fact(), costs.of(fault), remedy(fault)))
                .toList();
    }

    private String remedy(Fault fault) {
        String repair = "pgcharter repository repair " + name;
        return switch (fault.kind()) {
            case KEY ->
                "set it aside: " + repair + "; then add that password again: pgcharter repository key add " + name;
            case SNAPSHOT ->
                "bring the file back from a copy of the repository if there is one; else set it aside, for it hides all"
                        + " others from restic: " + repair;
            case INDEX, UNINDEXED -> fault.isLoss() ? withOther(fault, repair) : "nothing is lost: " + repair;
            case PACK, BLOB -> fault.isLoss() ? withOther(fault, repair) : "nothing is lost: " + repair;
            case LEFTOVER ->
                "nothing; once no backup is running, a prune removes what pgcharter left: pgcharter repository"
                        + " prune " + name;
        };
    }

    private String withOther(Fault fault, String repair) {
        Set<String> databases = new TreeSet<>();
        fault.losses()
                .forEach(loss -> BackupTags.value(loss.snapshot(), "database").ifPresent(databases::add));
        StringBuilder remedy = new StringBuilder("if another repository has these backups: ")
                .append(repair)
                .append(" --from OTHER; else keep what can be read: ")
                .append(repair);
        databases.forEach(database -> remedy.append("; then take a new backup: pgcharter backup ")
                .append(database)
                .append(" --to ")
                .append(name));
        return remedy.toString();
    }
}
