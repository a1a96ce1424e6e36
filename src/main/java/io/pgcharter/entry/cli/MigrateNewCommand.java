package io.pgcharter.entry.cli;

import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "new",
        description = "Make the files of a new, empty migration and of what undoes it, behind all that are there.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter migrate new shop add_orders", "  pgcharter migrate new shop index_of_orders"})
final class MigrateNewCommand implements Wish {
    private static final int TITLE_MAX = 100;

    @Parameters(
            index = "0",
            paramLabel = "MIGRATIONS",
            description = "Whose, as the charter's section migrations names them.")
    @Nullable
    MigrationsName migrations;

    @Parameters(index = "1", paramLabel = "TITLE", description = "What it is to do, in a few words.")
    String title = "";

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        if (title.isBlank() || title.length() > TITLE_MAX || title.chars().anyMatch(Character::isISOControl)) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "this is no title: '" + title + "'",
                    "it is one line of at most " + TITLE_MAX + " characters, not blank",
                    "pgcharter migrate new MIGRATIONS \"add orders\"");
        }
        return List.of(new SchemaOperation.MigrateNew(Objects.requireNonNull(migrations), title));
    }
}
