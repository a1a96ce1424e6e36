package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.platform.access.Person;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "List the users, with role and last login.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter users list", "  pgcharter users list --json"})
final class UsersListCommand implements Action {
    @Override
    public int run(Desk desk) {
        List<Person> people = desk.corridor().readings().people().all();
        if (desk.json()) {
            desk.screen().line(OutcomeJson.text(Map.of("users", people)));
        } else {
            new AccessText(desk.screen(), desk.clock().instant()).users(people);
        }
        return ExitCode.DONE;
    }
}
