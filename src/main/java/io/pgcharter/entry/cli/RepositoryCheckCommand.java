package io.pgcharter.entry.cli;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = "Check that a repository is whole: what is there and what belongs together; on request also every"
                + " byte.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter repository check offsite --read-data",
            "  pgcharter repository check offsite --subset 10%%"
        })
final class RepositoryCheckCommand implements Wish {
    private static final int ALL_PERCENT = 100;

    @Parameters(paramLabel = "REPOSITORY", description = "The repository, as the charter names it.")
    @Nullable
    RepositoryName repository;

    @Option(names = "--read-data", description = "Also read the packs that are due, and check every blob in them.")
    boolean readData;

    @Option(
            names = "--due",
            paramLabel = "AGE",
            description = "Due is a pack that was last read so long ago, or never; 0d means all. Default: 30d.")
    @Nullable
    Duration due;

    @Option(
            names = "--subset",
            paramLabel = "PERCENT",
            description = "Read at most so many percent of all packs, those first that were read longest ago: ten times"
                    + " 10%% read everything.")
    @Nullable
    Percent subset;

    /// A share, 1 to 100.
    record Percent(int number) {
        static final String FORM = "[0-9]{1,3}%";

        Percent {
            if (number < 1 || number > ALL_PERCENT) {
                throw new IllegalArgumentException("not a percentage: " + number);
            }
        }
    }

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        boolean isReading = readData || due != null || subset != null;
        Operation.Reading reading = new Operation.Reading(
                due == null ? Operation.Reading.DUE_DEFAULT : due, subset == null ? ALL_PERCENT : subset.number());
        return List.of(new Operation.RepositoryCheck(
                desk.repository(repository), isReading ? Optional.of(reading) : Optional.empty()));
    }
}
