package io.pgcharter.capability.rehearse;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Pin;
import io.pgcharter.model.migration.Rehearsal;
import io.pgcharter.model.operation.RehearsalReport;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.dump.RepositorySource;
import io.pgcharter.platform.dump.ScratchCopy;
import io.pgcharter.platform.history.History;
import io.pgcharter.platform.layout.Layouts;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.SnapshotReader;
import io.pgcharter.platform.sandbox.Sandboxes;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.platform.state.Rehearsals;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.guard.Permit;
import io.pgcharter.policy.migration.Ledger;
import io.pgcharter.policy.migration.Passage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// Applies what a database lacks to a copy of it, restored from its newest proven backup, and measures what each
/// statement does. The database itself is only read. Thread-safe.
public final class RehearsalWork {
    private final Charter charter;
    private final Means means;
    private final Supplier<SqlParser> parser;
    private final InstantSource clock;

    /// What the work needs of the platform.
    public record Means(Secrets secrets, Repositories repositories, Sandboxes sandboxes, Rehearsals rehearsals) {}

    /// @param parser made on its first use
    public RehearsalWork(Charter charter, Means means, Supplier<SqlParser> parser, InstantSource clock) {
        this.charter = charter;
        this.means = means;
        this.parser = parser;
        this.clock = clock;
    }

    /// @throws ProblemException `NOT_FOUND` if no backup of the database is proven, `MIGRATIONS_DIVERGED` if its
    ///     migrations cannot be applied, `SQL_INVALID` if one is no SQL. That they fail on the copy is a report
    public SchemaReport.Rehearse run(Permit permit, SchemaOperation.Rehearse operation, Run run) {
        permit.consume(operation);
        Instant begun = clock.instant();
        DatabaseName database = operation.database();
        Migrations plan = charter.shaping()
                .migrations()
                .of(database)
                .orElseThrow(
                        () -> new IllegalStateException("the guard lets only databases pass that have migrations"));
        List<Migration> disk = Layouts.read(plan.layout(), Path.of(plan.path()), SqlParser.BYTES_MOST);
        History history = History.of(plan.layout(), plan.schema());
        RealDatabase real = RealDatabase.read(
                PostgresUrl.parse(secrets().resolve(charter.database(database).url())), history);
        run.check();
        Ledger ledger = Ledger.of(disk, real.history());
        requireNoDivergence(database, ledger);
        List<Migration> due = ledger.due();
        if (due.isEmpty()) {
            return new SchemaReport.Rehearse(database, plan.name(), Optional.empty());
        }
        Programme programme =
                Programme.of(due, source -> Passage.of(source, parser.get().parse(source.text())));
        List<String> notes = new ArrayList<>();
        ProvenBackup backup = ProvenBackup.newest(charter, means.repositories(), database, run, notes);
        Subject subject = new Subject(database, plan, disk, history, real, ledger, programme, parser);
        Performance.Played played = onCopy(backup, subject, begun, run, notes);
        RehearsalReport report = played.report();
        run.fence();
        means.rehearsals()
                .keep(
                        new Rehearsal(
                                run.id(),
                                database,
                                new Pin(report.pin()),
                                report.basis().backup(),
                                report.before(),
                                report.after().orElse(""),
                                report.passed(),
                                clock.instant()),
                        played.made());
        return new SchemaReport.Rehearse(database, plan.name(), Optional.of(report));
    }

    private Secrets secrets() {
        return means.secrets();
    }

    private static void requireNoDivergence(DatabaseName database, Ledger ledger) {
        List<Ledger.Entry> divergences = ledger.divergences();
        if (!divergences.isEmpty()) {
            Ledger.Entry first = divergences.getFirst();
            throw new ProblemException(
                    ProblemCode.MIGRATIONS_DIVERGED,
                    "the migrations of '" + database + "' and its history do not fit together: '" + first.name()
                            + "' is "
                            + first.standing().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    "'migrate up' would apply nothing, so there is nothing to rehearse",
                    "pgcharter migrate status " + database);
        }
    }

    private Performance.Played onCopy(
            ProvenBackup backup, Subject subject, Instant begun, Run run, List<String> notes) {
        Charter.RepositoryPlace place = charter.repository(backup.repository());
        try (Repository repository = means.repositories().open(place.storage(), place.password());
                SnapshotReader reader = repository.read(backup.entry().snapshot())) {
            RepositorySource source = RepositorySource.open(reader);
            int major = source.manifest().server().major();
            try (Sandboxes.Sandbox sandbox = means.sandboxes().start(major, Stage.SERVER)) {
                if (sandbox.major() != major) {
                    notes.add("rehearsed on PostgreSQL " + sandbox.major() + ", the nearest version to " + major
                            + " there is here");
                }
                Instant restoring = clock.instant();
                PostgresUrl copy = ScratchCopy.load(
                        sandbox.url(), source, charter.jobs(backup.entry().database()), run, notes);
                try (Stage stage = Stage.open(copy, subject.plan(), subject.real(), subject.history(), run)) {
                    stage.settle();
                    RehearsalReport.Basis basis = new RehearsalReport.Basis(
                            new BackupId(backup.entry().snapshot().id()),
                            backup.repository(),
                            backup.entry().snapshot().time(),
                            backup.entry().provenAt().orElseThrow(),
                            sandbox.major(),
                            millis(restoring));
                    return new Performance(subject, stage, run, clock).play(basis, begun, notes);
                }
            }
        }
    }

    private long millis(Instant since) {
        return Duration.between(since, clock.instant()).toMillis();
    }
}
