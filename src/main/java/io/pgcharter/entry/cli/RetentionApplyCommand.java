package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Operation;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "apply",
        description =
                "Forget the backups that retention does not keep: exactly those that `plan` shows at that moment. Their"
                        + " blobs stay until a prune. Append-only repositories are passed over unless one is named.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter retention apply", "  pgcharter retention apply payments --repository offsite"})
final class RetentionApplyCommand implements Wish {
    @Mixin
    RetentionChoice choice = new RetentionChoice();

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return choice.each(desk, place -> !place.isAppendOnly(), Operation.RetentionApply::new);
    }
}
