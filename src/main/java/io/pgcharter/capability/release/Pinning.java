package io.pgcharter.capability.release;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.migration.Pin;
import io.pgcharter.model.migration.Rehearsal;
import io.pgcharter.model.migration.Release.Content;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.operation.SchemaReport.PlannedMigration;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.state.Rehearsals;
import io.pgcharter.policy.charter.ReleasePlan.Back;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Says what is to be released, to the letter, or why nothing is: all that can be known before anything is touched.
final class Pinning {
    private final Footing footing;
    private final Rehearsals rehearsals;
    private final InstantSource clock;

    Pinning(Footing footing, Rehearsals rehearsals, InstantSource clock) {
        this.footing = footing;
        this.rehearsals = rehearsals;
        this.clock = clock;
    }

    /// @param before fingerprint of the live catalog but for the history @param after as the rehearsal ended
    record Pinned(List<Content> migrations, Pin pin, String before, String after, Map<String, String> evidence) {}

    DatabaseName database() {
        return footing.database();
    }

    /// What is due and rehearsed; empty if nothing is due.
    ///
    /// @throws ProblemException what `migrate up` would meet: `MIGRATION_UNTRIED` where the database before lacks
    /// some of it; `REHEARSAL_MISSING`; `MIGRATIONS_INVALID` where down migrations are the way back and one
    /// is missing
    Optional<Pinned> check(Run run) {
        DatabaseName database = footing.database();
        var plan = (SchemaReport.MigratePlan) run.submit(new SchemaOperation.MigratePlan(database));
        List<String> names =
                plan.migrations().stream().map(PlannedMigration::name).toList();
        if (names.isEmpty()) {
            return Optional.empty();
        }
        List<Migration> disk = footing.disk();
        List<Migration> due = names.stream()
                .map(name -> disk.stream()
                        .filter(file -> file.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> vanished(name)))
                .toList();
        if (footing.plan().back() == Back.DOWN) {
            requireWayBack(due);
        }
        Pin pin = Pin.of(due);
        Rehearsal rehearsal = rehearsal(database, pin);
        try (Session session = footing.open()) {
            if (!footing.isAsRehearsed(CatalogReader.read(session), rehearsal.before())) {
                throw unrehearsed(
                        "the catalog of '" + database + "' is not the one that rehearsal " + rehearsal.run()
                                + " began with",
                        "something was changed in it since backup "
                                + rehearsal.backup().abbreviated()
                                + " was taken: what was rehearsed is not what would happen");
            }
        }
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("migrations", String.join(", ", names));
        evidence.put("pin", pin.toString());
        evidence.put("rehearsal", rehearsal.run() + " of " + rehearsal.endedAt());
        footing.migrations().before(database).ifPresent(before -> evidence.put("tried on", before.text()));
        return Optional.of(new Pinned(
                due.stream()
                        .map(migration -> new Content(migration.name(), Pin.of(List.of(migration))))
                        .toList(),
                pin,
                footing.fingerprint(footing.url()),
                rehearsal.after(),
                evidence));
    }

    private Rehearsal rehearsal(DatabaseName database, Pin pin) {
        Rehearsal rehearsal = rehearsals
                .last(database, pin)
                .orElseThrow(
                        () -> unrehearsed(
                                "the migrations due in '" + database + "' (" + pin + ") were never rehearsed",
                                "a release brings what was rehearsed, to the letter; the files are new, or were changed since"));
        if (!rehearsal.isPassed()) {
            throw unrehearsed(
                    "the last rehearsal of the migrations due in '" + database + "' (" + pin + ") did not pass",
                    "run " + rehearsal.run()
                            + " exceeded a limit of the charter: pgcharter journal shows what it found");
        }
        Duration valid = footing.migrations().rehearsal().validFor();
        if (rehearsal.endedAt().plus(valid).isBefore(clock.instant())) {
            throw unrehearsed(
                    "the last rehearsal of the migrations due in '" + database + "' (" + pin + ") is of "
                            + rehearsal.endedAt(),
                    "the charter lets one count for " + valid.toMinutes() + " minutes (rehearsal.valid-for)");
        }
        return rehearsal;
    }

    private ProblemException unrehearsed(String fact, String cause) {
        return new ProblemException(
                ProblemCode.REHEARSAL_MISSING,
                fact,
                cause,
                "pgcharter rehearse " + footing.database() + ", then: pgcharter release " + footing.database());
    }

    private void requireWayBack(List<Migration> due) {
        List<String> without = due.stream()
                .filter(migration ->
                        migration.kind() != Kind.VERSIONED || migration.down().isEmpty())
                .map(Migration::name)
                .toList();
        if (!without.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.MIGRATIONS_INVALID,
                    "no file undoes " + String.join(", ", without),
                    "the charter's way back of a release is down migrations ("
                            + footing.migrations().name() + ".release.back)",
                    "write the down files, or have 'back: backup' in the charter");
        }
    }

    private static ProblemException vanished(String name) {
        return new ProblemException(
                ProblemCode.RELEASE_CHANGED,
                "the file of '" + name + "' has vanished while it was read",
                "somebody changes the migrations right now",
                "run it again when they are done");
    }
}
