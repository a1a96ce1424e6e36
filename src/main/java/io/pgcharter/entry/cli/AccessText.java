package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.AccessReport;
import io.pgcharter.model.operation.Role;
import io.pgcharter.platform.access.Person;
import io.pgcharter.platform.access.Tokens;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// Users and tokens as people read them.
final class AccessText {
    private final Screen screen;
    private final Instant now;

    AccessText(Screen screen, Instant now) {
        this.screen = screen;
        this.now = now;
    }

    void added(AccessReport.UserAdd add) {
        done(add.user() + " may use the dashboard and the API as " + word(add.role())
                + "; with this link, once, they set a password:");
        screen.line("  " + add.link().reveal());
        screen.line("  it holds until " + Figures.time(add.expiresAt()) + "; who opens it first is " + add.user()
                + ", so hand it over safely");
    }

    void removed(AccessReport.UserRemove remove) {
        done(remove.user() + " may use the dashboard and the API no longer; logins and tokens have ended");
    }

    void created(AccessReport.TokenCreate create) {
        done("token " + create.token() + " for " + create.user() + ", " + create.name() + ": " + word(create.scope())
                + " until " + Figures.time(create.expiresAt()) + "; it is shown only now:");
        screen.line("  " + create.secret().reveal());
    }

    void revoked(AccessReport.TokenRevoke revoke) {
        done("token " + revoke.token() + " opens nothing any more");
    }

    void loggedIn(AccessReport.Login login) {
        done(login.user() + " is logged in");
    }

    void loggedOut(AccessReport.Logout logout) {
        done("session " + logout.session() + " of " + logout.user() + " has ended");
    }

    void changed(AccessReport.PasswordChange change) {
        done(change.user() + " has another password; their other sessions have ended");
    }

    void users(List<Person> people) {
        if (people.isEmpty()) {
            screen.line("no users; the first start of 'pgcharter serve' makes one");
            return;
        }
        Table table =
                new Table(Column.left("USER"), Column.left("ROLE"), Column.left("ADDED"), Column.left("LAST LOGIN"));
        for (Person person : people) {
            table.row(
                    Cell.of(person.name()),
                    Cell.of(word(person.role())),
                    Cell.of(Figures.time(person.addedAt())),
                    person.seenAt()
                            .map(at -> Cell.of(Figures.age(at, now)))
                            .orElse(new Cell(
                                    person.hasPassword() ? "never" : "has set no password yet", Tone.WARNING)));
        }
        screen.table(table);
    }

    void tokens(List<Tokens.Token> tokens) {
        if (tokens.isEmpty()) {
            screen.line("no tokens");
            return;
        }
        Table table = new Table(
                Column.left("TOKEN"),
                Column.left("USER"),
                Column.left("NAME"),
                Column.left("SCOPE"),
                Column.left("UNTIL"),
                Column.left("LAST USE"));
        for (Tokens.Token token : tokens) {
            table.row(
                    Cell.of(token.id()),
                    Cell.of(token.person()),
                    Cell.of(token.name()),
                    Cell.of(word(token.scope())),
                    token.expiresAt().isAfter(now)
                            ? Cell.of(Figures.time(token.expiresAt()))
                            : new Cell("over", Tone.WARNING),
                    Cell.of(token.usedAt().map(at -> Figures.age(at, now)).orElse("never")));
        }
        screen.table(table);
    }

    private static String word(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private void done(String text) {
        screen.line(screen.dress(Tone.GOOD, "✓") + " " + text);
    }
}
