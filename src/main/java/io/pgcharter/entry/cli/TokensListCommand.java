package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.platform.access.Tokens;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "List the tokens: whose, what for, until when, last use. Never the token itself.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter tokens list", "  pgcharter tokens list --json"})
final class TokensListCommand implements Action {
    @Override
    public int run(Desk desk) {
        List<Tokens.Token> tokens = desk.corridor().readings().tokens().all();
        if (desk.json()) {
            desk.screen().line(OutcomeJson.text(Map.of("tokens", tokens)));
        } else {
            new AccessText(desk.screen(), desk.clock().instant()).tokens(tokens);
        }
        return ExitCode.DONE;
    }
}
