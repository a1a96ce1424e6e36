package io.pgcharter.entry.cli;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charter.BackupPlan;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a verb works with: the charter's corridor, the screen, and who asks.
final class Desk {
    private final Corridor corridor;
    private final Screen screen;
    private final Settings settings;
    private final Shop shop;
    private final Cancellation cancellation;

    /// @param confirmation as given by `--confirm`
    record Settings(Optional<EnvironmentName> environment, Optional<String> confirmation, boolean json) {}

    Desk(Corridor corridor, Screen screen, Settings settings, Shop shop, Cancellation cancellation) {
        this.corridor = corridor;
        this.screen = screen;
        this.settings = settings;
        this.shop = shop;
        this.cancellation = cancellation;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    Corridor corridor() {
        return corridor;
    }

    Charter charter() {
        return corridor.charter();
    }

    Screen screen() {
        return screen;
    }

    Shop shop() {
        return shop;
    }

    InstantSource clock() {
        return shop.clock();
    }

    boolean json() {
        return settings.json();
    }

    Asking asking() {
        return new Asking(new Actor(shop.person().get(), settings.environment()), settings.confirmation());
    }

    Outcome submit(Operation operation, Asking asking, Observer observer) {
        Outcome outcome = corridor.submit(operation, asking, observer);
        shop.witness().accept(operation, outcome);
        return outcome;
    }

    /// Submits what a verb needs to know first.
    ///
    /// @throws NotDone if it ended in anything but a report
    <R extends Report> R mustBeDone(Operation operation, Class<R> kind) {
        Outcome outcome = submit(operation, asking(), Observer.none());
        if (outcome instanceof Outcome.Done(var _, Report report)) {
            return kind.cast(report);
        }
        throw new NotDone(operation, outcome);
    }

    /// An argument that picocli has made sure is there.
    static <T> T given(@Nullable T argument) {
        if (argument == null) {
            throw new IllegalStateException("a required argument is missing");
        }
        return argument;
    }

    DatabaseName database(@Nullable DatabaseName name) {
        return charter().database(given(name)).name();
    }

    RepositoryName repository(@Nullable RepositoryName name) {
        return charter().repository(given(name)).name();
    }

    /// Where the charter's backup plan for `database` says its backups go; at least one place.
    List<RepositoryName> plannedRepositories(DatabaseName database) {
        BackupPlan plan = charter().backups().get(database);
        if (plan == null) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "the charter has no backup plan for '" + database + "'",
                    "no repository was named, and '" + charter().file() + "' has no backups." + database,
                    "name a repository, or add backups." + database + " to the charter");
        }
        return plan.to();
    }

    /// @return empty for `latest`
    Optional<BackupId> backupOrLatest(@Nullable String argument) {
        String text = given(argument);
        if (text.equals("latest")) {
            return Optional.empty();
        }
        if (!BackupId.isValid(text)) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "'" + text + "' is not a backup",
                    "a backup is 'latest', or 8 to 64 hexadecimal digits",
                    "pgcharter backups");
        }
        return Optional.of(new BackupId(text));
    }
}
