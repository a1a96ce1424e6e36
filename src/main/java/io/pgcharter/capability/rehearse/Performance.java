package io.pgcharter.capability.rehearse;

import io.pgcharter.capability.rehearse.Carrier.Broken;
import io.pgcharter.capability.rehearse.Programme.Item;
import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.operation.RehearsalReport;
import io.pgcharter.model.operation.RehearsalReport.Failure;
import io.pgcharter.model.operation.RehearsalReport.Limit;
import io.pgcharter.model.operation.RehearsalReport.Performed;
import io.pgcharter.model.operation.RehearsalReport.Verdict;
import io.pgcharter.model.operation.RehearsalReport.WayBack;
import io.pgcharter.model.operation.RehearsalReport.Whole;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.policy.migration.Ledger;
import io.pgcharter.policy.migration.Passage;
import io.pgcharter.policy.migration.Passage.Mode;
import io.pgcharter.policy.rehearsal.Limits;
import io.pgcharter.policy.rehearsal.Reckoning;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One rehearsal on a copy that was just restored: catches up, applies and measures, undoes, applies again, judges.
final class Performance {
    private final Subject subject;
    private final Stage stage;
    private final Run run;
    private final InstantSource clock;
    private final Carrier carrier;

    Performance(Subject subject, Stage stage, Run run, InstantSource clock) {
        this.subject = subject;
        this.stage = stage;
        this.run = run;
        this.clock = clock;
        this.carrier = new Carrier(stage, subject.history(), run);
    }

    /// @param made the catalog after it, but for the history; empty if it failed
    record Played(RehearsalReport report, Optional<Catalog> made) {}

    Played play(RehearsalReport.Basis basis, Instant begun, List<String> notes) {
        Map<String, Long> here = RealDatabase.sizes(stage.onlooker());
        Set<String> empty = stage.emptyTables();
        List<String> caughtUp = catchUp();
        Catalog before = CatalogReader.read(stage.clerk());
        createHistory();
        Optional<WayBackTrial> trial = subject.programme().irreversible().isEmpty()
                ? Optional.of(WayBackTrial.begin(subject, stage, carrier, run))
                : Optional.empty();
        List<Performed> measured = new ArrayList<>();
        Optional<Failure> failure = apply(measured);
        Optional<Catalog> after = failure.isEmpty() ? Optional.of(CatalogReader.read(stage.clerk())) : Optional.empty();
        Optional<WayBack> wayBack = after.map(there -> trial.map(way -> way.walk(there))
                .orElseGet(() -> WayBackTrial.impossible(subject.programme().irreversible())));
        Clients clients = Clients.of(subject.real(), subject.parser(), stage.onlooker(), clock.instant());
        Reckoning reckoning = new Reckoning(here, subject.real().sizes(), empty, clients.traffic());
        List<Performed> performed = measured.stream().map(reckoning::scaled).toList();
        Whole whole = reckoning.whole(performed, clients.trouble());
        List<Limit> limits = Limits.judge(subject.plan().rehearsal(), whole, failure.isPresent(), wayBack);
        notes.addAll(clients.notes());
        RehearsalReport report = new RehearsalReport(
                subject.programme().pin().sha256(),
                basis,
                caughtUp,
                performed,
                failure,
                wayBack,
                whole,
                before.fingerprint(),
                after.map(Catalog::fingerprint),
                limits,
                failure.isEmpty() && limits.stream().allMatch(limit -> limit.verdict() == Verdict.KEPT),
                Duration.between(begun, clock.instant()).toMillis(),
                notes);
        return new Played(report, after.map(subject.history()::without));
    }

    /// Carries out what the database has already and the backup lacks.
    private List<String> catchUp() {
        Ledger copy = Ledger.of(subject.disk(), subject.history().read(stage.clerk()));
        List<Migration> missing =
                copy.due().stream().filter(subject.ledger()::has).toList();
        List<String> names = new ArrayList<>();
        for (Migration migration : missing) {
            createHistory();
            Passage passage = Passage.of(
                    migration.up(), subject.parser().get().parse(migration.up().text()));
            carrier.apply(migration, passage, new Gauge.Unread(stage)).ifPresent(broken -> {
                throw tooOld("migration '" + migration.name() + "', which the database has and the backup lacks,"
                        + " cannot be carried out on the copy [" + broken.state() + "]");
            });
            names.add(migration.name());
        }
        requireSame();
        return names;
    }

    /// @throws ProblemException if the copy lacks other migrations than the database does
    private void requireSame() {
        Ledger copy = Ledger.of(subject.disk(), subject.history().read(stage.clerk()));
        List<String> lacks = copy.due().stream().map(Migration::name).toList();
        List<String> due = subject.ledger().due().stream().map(Migration::name).toList();
        if (!copy.divergences().isEmpty()) {
            throw tooOld("in the backup, migration '"
                    + copy.divergences().getFirst().name() + "' does not stand as in the database");
        }
        if (!lacks.equals(due)) {
            throw tooOld("the backup lacks " + lacks + ", the database " + due);
        }
    }

    private ProblemException tooOld(String cause) {
        return new ProblemException(
                ProblemCode.MIGRATIONS_DIVERGED,
                "the newest proven backup does not lead to where the database is",
                cause,
                "pgcharter backup " + subject.database() + ", then: pgcharter verify " + subject.database());
    }

    private void createHistory() {
        if (!subject.history().exists(stage.clerk())) {
            subject.history().create(stage.clerk());
        }
    }

    /// @param performed is given what was measured, also of the one that failed
    private Optional<Failure> apply(List<Performed> performed) {
        for (Item item : subject.programme().items()) {
            Metering metering = new Metering(stage);
            Optional<Broken> broken = carrier.apply(item.migration(), item.up(), metering);
            performed.add(new Performed(
                    item.migration().name(),
                    item.up().file(),
                    item.up().mode() == Mode.TRANSACTION,
                    metering.measures()));
            if (broken.isPresent()) {
                return Optional.of(new Culprits(subject, stage, run).explain(item, broken.get()));
            }
        }
        return Optional.empty();
    }
}
