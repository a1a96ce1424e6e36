package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Operation;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "plan",
        description = "Show which backups retention keeps and which it would forget, each with every reason.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter retention plan", "  pgcharter retention plan payments --repository offsite"})
final class RetentionPlanCommand implements Wish {
    @Mixin
    RetentionChoice choice = new RetentionChoice();

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return choice.each(desk, _ -> true, Operation.RetentionPlan::new);
    }
}
