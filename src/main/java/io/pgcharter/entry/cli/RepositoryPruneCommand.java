package io.pgcharter.entry.cli;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "prune",
        description = "Free what no backup needs: mark it now, remove what was marked before."
                + " Backups and restores may run meanwhile.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter repository prune offsite", "  pgcharter repository prune offsite --grace 0s"})
final class RepositoryPruneCommand implements Wish {
    @Parameters(paramLabel = "REPOSITORY", description = "The repository, as the charter names it.")
    @Nullable
    RepositoryName repository;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "Remove only what was marked so long ago: 0s, 30m, 24h, 7d. Default: 1h.")
    Duration grace = Duration.ofHours(1);

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.RepositoryPrune(desk.repository(repository), grace));
    }
}
