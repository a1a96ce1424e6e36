package io.pgcharter.capability.migrate;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.migration.Recorded;
import io.pgcharter.model.migration.Recorded.State;
import io.pgcharter.model.migration.Source;
import io.pgcharter.model.operation.ReleaseStanding;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaOperation.MigrateResolve.Standing;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.operation.SchemaReport.PlannedMigration;
import io.pgcharter.model.operation.SchemaReport.PlannedStatement;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.layout.NewFiles;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.platform.state.Releases;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.guard.Permit;
import io.pgcharter.policy.migration.Ledger;
import io.pgcharter.policy.migration.Ledger.Entry;
import io.pgcharter.policy.migration.Passage;
import io.pgcharter.policy.migration.Passage.Mode;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Work on migrations, verb by verb. Everything that can be known to be wrong is said before anything is touched.
/// Thread-safe.
public final class MigrationWork {
    private final Charter charter;
    private final Secrets secrets;
    private final Supplier<SqlParser> parser;
    private final Releases releases;
    private final InstantSource clock;

    /// @param parser made on its first use
    public MigrationWork(
            Charter charter, Secrets secrets, Supplier<SqlParser> parser, Releases releases, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.parser = parser;
        this.releases = releases;
        this.clock = clock;
    }

    private PostgresUrl url(DatabaseName database) {
        return PostgresUrl.parse(secrets.resolve(charter.database(database).url()));
    }

    private Ground ground(DatabaseName database) {
        return Ground.of(
                database,
                charter.shaping()
                        .migrations()
                        .of(database)
                        .orElseThrow(() -> new IllegalStateException("the guard asked for migrations of " + database)));
    }

    public SchemaReport.MigrateStatus status(Permit permit, SchemaOperation.MigrateStatus operation, Run run) {
        permit.consume(operation);
        Ground ground = ground(operation.database());
        try (Session session = Site.reader(url(operation.database()))) {
            run.check();
            ground.requireSchema(session);
            Ledger ledger = ground.ledger(session);
            Account account = new Account(operation.database(), parser, session);
            return new SchemaReport.MigrateStatus(
                    operation.database(),
                    ground.plan().name(),
                    ground.plan().layout().name().toLowerCase(Locale.ROOT),
                    ground.history().schema() + "." + ground.history().tableName(),
                    ground.history().exists(session),
                    ledger.entries().stream()
                            .map(entry -> account.row(entry, ledger))
                            .toList(),
                    ledger.due().size(),
                    ledger.divergences().size(),
                    releases.open(operation.database()).map(ReleaseStanding::of));
        }
    }

    /// @throws ProblemException what `migrate up` would meet before it does anything
    public SchemaReport.MigratePlan plan(Permit permit, SchemaOperation.MigratePlan operation, Run run) {
        permit.consume(operation);
        Ground ground = ground(operation.database());
        try (Session session = Site.reader(url(operation.database()))) {
            run.check();
            Map<Migration, Passage> due = due(ground, session, Optional.empty());
            return new SchemaReport.MigratePlan(
                    operation.database(),
                    due.entrySet().stream()
                            .map(entry -> planned(entry.getKey(), entry.getValue()))
                            .toList());
        }
    }

    private static PlannedMigration planned(Migration migration, Passage passage) {
        return new PlannedMigration(
                migration.name(),
                passage.file(),
                passage.mode() == Mode.TRANSACTION,
                passage.reason(),
                passage.steps().stream()
                        .map(step -> new PlannedStatement(step.place().line(), step.shown()))
                        .toList());
    }

    /// What is to be carried out, each read and judged; or why nothing is.
    private Map<Migration, Passage> due(Ground ground, Session session, Optional<String> to) {
        ground.requireHistoryOrEmptiness(session);
        Ledger ledger = ground.ledger(session);
        new Account(ground.database(), parser, session).requireNoDivergence(ledger);
        List<Migration> due = upTo(ground, ledger, to);
        requirePromotion(ground, due);
        Map<Migration, Passage> passages = new LinkedHashMap<>();
        due.forEach(migration -> passages.put(migration, passage(migration.up())));
        return passages;
    }

    private Passage passage(Source source) {
        return Passage.of(source, parser.get().parse(source.text()));
    }

    private static List<Migration> upTo(Ground ground, Ledger ledger, Optional<String> to) {
        if (to.isEmpty()) {
            return ledger.due();
        }
        Entry last = entry(ground, ledger, to.get());
        List<Migration> due = new ArrayList<>();
        for (Migration migration : last.standing().isDue() ? ledger.due() : List.<Migration>of()) {
            due.add(migration);
            if (migration.name().equals(last.name())) {
                break;
            }
        }
        return due;
    }

    private static Entry entry(Ground ground, Ledger ledger, String word) {
        return ledger.entry(word)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND,
                        "there is no migration '" + word + "'"
                                + Charter.suggestion(
                                        word,
                                        ledger.entries().stream()
                                                .map(Entry::name)
                                                .toList()),
                        "neither " + ground.plan().path() + " nor the history of '" + ground.database() + "' has it",
                        "pgcharter migrate status " + ground.database()));
    }

    /// What the database before this one lacks is not carried out here: asked of that database itself.
    private void requirePromotion(Ground ground, List<Migration> due) {
        Optional<DatabaseName> before = ground.plan().before(ground.database());
        if (before.isEmpty() || due.isEmpty()) {
            return;
        }
        try (Session session = Site.reader(url(before.get()))) {
            Ledger ledger = ground.ledger(session);
            List<String> untried = due.stream()
                    .filter(migration -> !ledger.has(migration))
                    .map(Migration::name)
                    .toList();
            if (!untried.isEmpty()) {
                throw new ProblemException(
                        ProblemCode.MIGRATION_UNTRIED,
                        "'" + before.get() + "' does not have " + String.join(", ", untried) + " as the files are now",
                        "migrations '" + ground.plan().name() + "' reach '" + before.get() + "' before '"
                                + ground.database() + "' ("
                                + charter.where(ground.plan().line()) + ")",
                        "pgcharter migrate up " + before.get());
            }
        }
    }

    public SchemaReport.MigrateUp up(Permit permit, SchemaOperation.MigrateUp operation, Run run) {
        permit.consume(operation);
        Ground ground = ground(operation.database());
        try (Site site = Site.open(url(operation.database()), ground, run)) {
            Map<Migration, Passage> due = due(ground, site.clerk(), operation.to());
            Runner runner = runner(site, ground, run);
            if (!due.isEmpty() && !ground.history().exists(site.clerk())) {
                ground.history().create(site.clerk());
            }
            due.forEach(runner::apply);
            return new SchemaReport.MigrateUp(operation.database(), runner.done(), site.notes());
        }
    }

    private Runner runner(Site site, Ground ground, Run run) {
        return new Runner(site, ground, new Account(ground.database(), parser, site.clerk()), run, clock);
    }

    public SchemaReport.MigrateDown down(Permit permit, SchemaOperation.MigrateDown operation, Run run) {
        permit.consume(operation);
        Ground ground = ground(operation.database());
        try (Site site = Site.open(url(operation.database()), ground, run)) {
            Ledger ledger = ground.ledger(site.clerk());
            new Account(ground.database(), parser, site.clerk()).requireNoDivergence(ledger);
            Map<Entry, Passage> chosen = new LinkedHashMap<>();
            for (Entry entry : newest(ground, ledger, operation.count())) {
                chosen.put(
                        entry,
                        passage(entry.migration().flatMap(Migration::down).orElseThrow(() -> irreversible(entry))));
            }
            Runner runner = runner(site, ground, run);
            chosen.forEach((entry, passage) -> runner.undo(
                    entry.migration().orElseThrow(), entry.recorded().orElseThrow(), passage));
            return new SchemaReport.MigrateDown(operation.database(), runner.done(), site.notes());
        }
    }

    private static List<Entry> newest(Ground ground, Ledger ledger, int count) {
        List<Entry> applied = ledger.entries().stream()
                .filter(entry -> entry.standing() == Ledger.Standing.APPLIED)
                .filter(entry -> entry.migration()
                        .filter(migration -> migration.kind() == Kind.VERSIONED)
                        .isPresent())
                .toList()
                .reversed();
        if (applied.size() < count) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "'" + ground.database() + "' has " + applied.size() + " migrations that could be undone, not "
                            + count,
                    "what a baseline stands for, and what is repeatable, is not undone",
                    "pgcharter migrate status " + ground.database());
        }
        return applied.subList(0, count);
    }

    private static ProblemException irreversible(Entry entry) {
        return new ProblemException(
                ProblemCode.NOT_FOUND,
                "migration '" + entry.name() + "' has no file that undoes it; nothing was done",
                "the file would stand beside "
                        + entry.migration().map(one -> one.up().file()).orElse("it"),
                "write it, or undo the migration by a new one");
    }

    /// Writes files; touches no database.
    public SchemaReport.MigrateNew create(Permit permit, SchemaOperation.MigrateNew operation, Run run) {
        permit.consume(operation);
        run.check();
        MigrationsName name = operation.migrations();
        Migrations plan = charter.shaping().migrations().all().get(name);
        if (plan == null) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "unknown migrations '" + name + "'"
                            + Charter.suggestion(
                                    name.text(),
                                    charter.shaping().migrations().all().keySet().stream()
                                            .map(MigrationsName::text)
                                            .toList()),
                    charter.file() + " names no such migrations",
                    "use a name of its section migrations");
        }
        List<Migration> there = Ground.files(plan);
        NewFiles files = new NewFiles(Path.of(plan.path()), there, clock.instant());
        return new SchemaReport.MigrateNew(
                name,
                switch (plan.layout()) {
                    case PRISMA -> files.prisma(operation.title());
                    case FLYWAY -> files.flyway(operation.title());
                    case PLAIN -> files.plain(operation.title());
                });
    }

    public SchemaReport.MigrateResolve resolve(Permit permit, SchemaOperation.MigrateResolve operation, Run run) {
        permit.consume(operation);
        Ground ground = ground(operation.database());
        try (Site site = Site.open(url(operation.database()), ground, run)) {
            ground.requireSchema(site.clerk());
            Ledger ledger = ground.ledger(site.clerk());
            Entry entry = entry(ground, ledger, operation.migration());
            Resolution.require(ground, ledger, entry, operation.standing());
            inOneTransaction(site, run, () -> {
                if (!ground.history().exists(site.worker())) {
                    ground.history().create(site.worker());
                }
                if (operation.standing() == Standing.APPLIED) {
                    ground.history().settled(site.worker(), entry.migration().orElseThrow());
                } else if (entry.standing() == Ledger.Standing.FAILED) {
                    ground.history().rolledBack(site.worker(), entry.recorded().orElseThrow());
                } else {
                    ground.history().forgotten(site.worker(), entry.recorded().orElseThrow());
                }
            });
            return new SchemaReport.MigrateResolve(
                    operation.database(), entry.name(), Account.word(entry.standing()), operation.standing());
        }
    }

    private static void inOneTransaction(Site site, Run run, Runnable writing) {
        site.worker().execute("begin");
        writing.run();
        run.fence();
        site.worker().execute("commit");
    }

    public SchemaReport.MigrateBaseline baseline(Permit permit, SchemaOperation.MigrateBaseline operation, Run run) {
        permit.consume(operation);
        Ground ground = ground(operation.database());
        try (Site site = Site.open(url(operation.database()), ground, run)) {
            List<Migration> reached = upTo(ground, operation.to());
            takeOver(site, ground, reached, run);
            return new SchemaReport.MigrateBaseline(
                    operation.database(), reached.stream().map(Migration::name).toList());
        }
    }

    private static List<Migration> upTo(Ground ground, String to) {
        List<Migration> versioned = ground.disk().stream()
                .filter(migration -> migration.kind() == Kind.VERSIONED)
                .toList();
        Entry last = entry(ground, Ledger.of(versioned, List.of()), to);
        return versioned.subList(0, versioned.indexOf(last.migration().orElseThrow()) + 1);
    }

    /// Writes that a database without a history has these.
    private static void takeOver(Site site, Ground ground, List<Migration> reached, Run run) {
        ground.requireSchema(site.clerk());
        List<Recorded> history = ground.history().read(site.clerk());
        if (!history.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.MIGRATIONS_DIVERGED,
                    "'" + ground.database() + "' has a history already: "
                            + (history.getFirst().state() == State.BASELINE ? "a baseline of '" : "'")
                            + history.getFirst().name() + "'"
                            + (history.size() > 1 ? " and " + (history.size() - 1) + " more" : ""),
                    "a second beginning would contradict it",
                    "pgcharter migrate status " + ground.database() + "; single ones: pgcharter migrate resolve");
        }
        inOneTransaction(site, run, () -> {
            if (!ground.history().exists(site.worker())) {
                ground.history().create(site.worker());
            }
            ground.history().baseline(site.worker(), reached);
        });
    }

    /// What another tool has carried out must be migrations of the directory, from the first on without a gap.
    public SchemaReport.MigrateImport takeOver(Permit permit, SchemaOperation.MigrateImport operation, Run run) {
        permit.consume(operation);
        Ground ground = ground(operation.database());
        try (Site site = Site.open(url(operation.database()), ground, run)) {
            List<Migration> reached = new OtherHistory(ground, site.clerk()).reached(operation.from());
            takeOver(site, ground, reached, run);
            return new SchemaReport.MigrateImport(
                    operation.database(),
                    operation.from(),
                    reached.stream().map(Migration::name).toList());
        }
    }
}
