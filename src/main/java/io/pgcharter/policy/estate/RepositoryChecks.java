package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.Disk;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.estate.RunEnd;
import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Observation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Whether a repository can be reached, was checked, is whole, and has room.
final class RepositoryChecks {
    private static final String DAMAGED = "REPOSITORY_DAMAGED";

    private RepositoryChecks() {}

    static Answer reachable(RepositoryEstate estate) {
        if (estate.listing().isEmpty()) {
            return new Answer.Unseen("nobody has looked yet", "run: pgcharter backups --repository " + estate.name());
        }
        Listing listing = estate.listing().get();
        if (listing.trouble().isEmpty()) {
            return new Answer.Seen(List.of(Observation.of(
                    "list", Level.OK, "it was last listed " + Figures.age(listing.triedAt(), estate.now()))));
        }
        // Once may be the network; for an hour, no backup goes there and none can be had from there.
        Level level = listing.isFresh(estate.now()) ? Level.WARN : Level.CRIT;
        Listing.Trouble trouble = listing.trouble().get();
        return new Answer.Seen(List.of(Observation.of(
                "list",
                level,
                trouble.code() + ": " + trouble.text()
                        + listing.listedAt()
                                .map(at -> "; last listed " + Figures.age(at, estate.now()))
                                .orElse("; it was never listed"))));
    }

    /// How long ago a check went through; if none did, how long there has been something to check.
    static Answer checkAge(RepositoryEstate estate) {
        Optional<Observation> checked = estate.lastWhole()
                .map(run -> Observation.of(
                        "check",
                        Figures.seconds(run.endedAt(), estate.now()),
                        "it was last checked " + Figures.age(run.endedAt(), estate.now())))
                .or(() -> estate.oldest()
                        .map(oldest -> Observation.of(
                                "check",
                                Figures.seconds(oldest, estate.now()),
                                "it was never checked; its oldest backup is of " + Figures.age(oldest, estate.now()))));
        return checked.<Answer>map(row -> new Answer.Seen(List.of(row)))
                .orElseGet(() -> new Answer.Moot("it holds no backup"));
    }

    /// What the last check found, or what listing it met.
    static Answer damage(RepositoryEstate estate) {
        Optional<Listing.Trouble> shut = estate.listing()
                .flatMap(Listing::trouble)
                .filter(trouble -> trouble.code().equals(DAMAGED));
        if (shut.isPresent()) {
            return new Answer.Seen(
                    List.of(Observation.of("list", Level.CRIT, shut.get().text())));
        }
        if (estate.lastCheck().isEmpty()) {
            return new Answer.Moot("it was never checked: see the check 'repository-check-age'");
        }
        RunEnd check = estate.lastCheck().get();
        String when = "the check of " + Figures.age(check.endedAt(), estate.now());
        if (!check.isDone()) {
            return check.code().equals(Optional.of(DAMAGED))
                    ? new Answer.Seen(List.of(
                            Observation.of("check", Level.CRIT, check.fact().orElse("it is damaged"))))
                    : new Answer.Unseen(
                            when + " did not go through: " + check.fact().orElse(check.outcome()),
                            "run: pgcharter repository check " + estate.name());
        }
        if (check.damage().isEmpty()) {
            return new Answer.Seen(List.of(Observation.of(
                    "check", Level.CRIT, when + " found so much that its report was not kept: see pgcharter journal")));
        }
        List<String> damage = check.damage().get();
        if (damage.isEmpty()) {
            return new Answer.Seen(List.of(Observation.of("check", Level.OK, when + " found it whole")));
        }
        return new Answer.Seen(damage.stream()
                .map(fact -> Observation.of(fact, Level.CRIT, "found by " + when))
                .toList());
    }

    static Answer disk(RepositoryEstate estate) {
        if (estate.disk().isPresent()) {
            return new Answer.Seen(List.of(row(estate.disk().get())));
        }
        return estate.diskTrouble()
                .<Answer>map(problem -> new Answer.Unseen(problem.fact() + ": " + problem.cause(), problem.remedy()))
                .orElseGet(() -> new Answer.Moot("it is in a bucket"));
    }

    static Observation row(Disk disk) {
        return Observation.of(
                disk.path(),
                disk.usedPercent(),
                String.format(
                        Locale.ROOT,
                        "%.0f %% taken, %s free",
                        disk.usedPercent(),
                        Figures.gigabytes(disk.freeBytes())));
    }
}
