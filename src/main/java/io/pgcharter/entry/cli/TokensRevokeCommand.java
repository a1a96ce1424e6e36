package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "revoke",
        description = "Let a token open the API no longer.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter tokens revoke 3fa91c07", "  pgcharter tokens revoke 3fa91c07 --json"})
final class TokensRevokeCommand implements Wish {
    @Parameters(paramLabel = "TOKEN", description = "Its id, from 'pgcharter tokens list'.")
    @Nullable
    String token;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new AccessOperation.TokenRevoke(Desk.given(token)));
    }
}
