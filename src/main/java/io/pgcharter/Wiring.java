package io.pgcharter;

import com.sun.security.auth.module.UnixSystem;
import io.pgcharter.capability.access.Admission;
import io.pgcharter.capability.access.Entrance;
import io.pgcharter.capability.advice.DatabaseAdvice;
import io.pgcharter.capability.alert.AlertDesk;
import io.pgcharter.capability.alert.Alerting;
import io.pgcharter.capability.backup.BackupList;
import io.pgcharter.capability.backup.BackupPins;
import io.pgcharter.capability.backup.LogicalBackup;
import io.pgcharter.capability.copy.DatabaseCopy;
import io.pgcharter.capability.health.EstateReading;
import io.pgcharter.capability.health.EstateRound;
import io.pgcharter.capability.health.HealthReading;
import io.pgcharter.capability.lint.MigrationLint;
import io.pgcharter.capability.maintain.Maintenance;
import io.pgcharter.capability.migrate.MigrationWork;
import io.pgcharter.capability.pools.PoolSizing;
import io.pgcharter.capability.queries.QueryReading;
import io.pgcharter.capability.rehearse.RehearsalWork;
import io.pgcharter.capability.release.ReleaseWork;
import io.pgcharter.capability.repository.CopyWork;
import io.pgcharter.capability.repository.KeyWork;
import io.pgcharter.capability.repository.Pruning;
import io.pgcharter.capability.repository.RepositoryHealth;
import io.pgcharter.capability.repository.RepositoryWork;
import io.pgcharter.capability.restore.Restore;
import io.pgcharter.capability.retention.RetentionWork;
import io.pgcharter.capability.schema.SchemaWork;
import io.pgcharter.capability.seed.Resetting;
import io.pgcharter.capability.seed.Seeding;
import io.pgcharter.capability.sessions.SessionWork;
import io.pgcharter.capability.status.StatusReading;
import io.pgcharter.capability.verify.Verification;
import io.pgcharter.capability.watch.Watching;
import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Capabilities;
import io.pgcharter.engine.engine.Engine;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.engine.journal.Anchors;
import io.pgcharter.engine.journal.Journal;
import io.pgcharter.engine.journal.JournalKey;
import io.pgcharter.engine.journal.RepositoryAnchors;
import io.pgcharter.engine.schedule.Schedule;
import io.pgcharter.engine.schedule.ScheduleReading;
import io.pgcharter.entry.cli.Shop;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.JournalLine;
import io.pgcharter.entry.corridor.Readings;
import io.pgcharter.entry.serve.Begun;
import io.pgcharter.entry.serve.Daemon;
import io.pgcharter.entry.serve.Part;
import io.pgcharter.entry.serve.Repeated;
import io.pgcharter.entry.web.Doors;
import io.pgcharter.entry.web.WebServer;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.access.Logins;
import io.pgcharter.platform.access.OidcRequests;
import io.pgcharter.platform.access.People;
import io.pgcharter.platform.access.Tokens;
import io.pgcharter.platform.dump.SchemaTexts;
import io.pgcharter.platform.inventory.Inventory;
import io.pgcharter.platform.metrics.Exposition;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.metrics.StatementHistory;
import io.pgcharter.platform.notice.Messenger;
import io.pgcharter.platform.postgres.SchemaDump;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.sandbox.PostgresBinaries;
import io.pgcharter.platform.sandbox.Sandboxes;
import io.pgcharter.platform.secret.LocalSecrets;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.platform.state.AlertBook;
import io.pgcharter.platform.state.Outbox;
import io.pgcharter.platform.state.PackReadings;
import io.pgcharter.platform.state.Rehearsals;
import io.pgcharter.platform.state.Releases;
import io.pgcharter.platform.state.State;
import io.pgcharter.platform.state.Verdicts;
import io.pgcharter.policy.alert.AlertRules;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.charter.WebPlan;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.guard.Decision;
import io.pgcharter.policy.guard.Guard;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Connects everything, by hand: every long-lived `new` stands here. What starting does not need is made on first
/// use.
final class Wiring implements Corridor {
    /// Where Debian puts PostgreSQL, one directory a major version.
    private static final Path INSTALLED_POSTGRES = Path.of("/usr/lib/postgresql");

    /// How often a node looks for runs of nodes that died.
    private static final Duration RECOVERY_PAUSE = Duration.ofSeconds(15);

    /// How often a node says that it serves.
    private static final Duration RECORDS_PAUSE = Duration.ofSeconds(15);

    /// How soon a standing run that ended is begun again.
    private static final Duration STANDING_PAUSE = Duration.ofSeconds(5);

    private final Path file;
    private final Map<String, String> variables;
    private final InstantSource clock;
    private Charters.@Nullable Reading reading;
    private @Nullable State state;
    private @Nullable Engine engine;
    private @Nullable Daemon daemon;
    private @Nullable Alerting alerting;

    /// One for the process: it takes half a second to make, and keeps its memory.
    private final Meanwhile<SqlParser> parser = new Meanwhile<>("parser", SqlParser::warm);

    private @Nullable Exposition exposition;

    private Wiring(Path file, Map<String, String> variables, InstantSource clock) {
        this.file = file;
        this.variables = variables;
        this.clock = clock;
    }

    /// What the command line works with.
    static Shop shop(Map<String, String> variables) {
        InstantSource clock = Clock.systemUTC();
        Path home = Path.of(System.getProperty("pgcharter.home", ""));
        // What each command needs is read beside what it says, and while its state is opened.
        Thread.ofPlatform().daemon().name("ahead").start(() -> {
            Charters.prepare();
            State.prepare();
            Engine.prepare();
        });
        return new Shop(
                (file, secrets) -> new Wiring(file, secrets, clock),
                clock,
                Wiring::person,
                variables,
                home,
                () -> installedBinaries(variables),
                (_, _) -> {});
    }

    private static Path home() {
        return Path.of(System.getProperty("pgcharter.home", ""));
    }

    /// The servers this machine can run, installed and bundled.
    private static PostgresBinaries binaries(Path directory) {
        return new PostgresBinaries(
                INSTALLED_POSTGRES, home().resolve("target/postgres"), directory.resolve("postgres"));
    }

    /// Without the bundled ones, which have no `pg_dump`.
    private static PostgresBinaries installedBinaries(Map<String, String> variables) {
        Path unpacked = stateDirectory(variables).resolve("postgres");
        return new PostgresBinaries(INSTALLED_POSTGRES, unpacked.resolve("none"), unpacked);
    }

    /// Where this user's pgcharter keeps its data, by the XDG Base Directory Specification; for root, by the
    /// Filesystem Hierarchy Standard.
    private static Path stateDirectory(Map<String, String> variables) {
        String named = variables.get("PGCHARTER_STATE_DIRECTORY");
        if (named != null) {
            return Path.of(named);
        }
        if (Program.isRoot()) {
            // PostgreSQL will not run as root; the user it runs as cannot look into root's home.
            return Path.of("/var/lib/pgcharter");
        }
        String state = variables.get("XDG_STATE_HOME");
        return state != null
                ? Path.of(state, "pgcharter")
                : Path.of(System.getProperty("user.home"), ".local/state/pgcharter");
    }

    /// Where this user's pgcharter keeps what it can make again, by the same two.
    private static Path cacheDirectory(Map<String, String> variables) {
        String caches = variables.get("XDG_CACHE_HOME");
        if (caches != null && Path.of(caches).isAbsolute()) {
            return Path.of(caches, "pgcharter");
        }
        return Program.isRoot()
                ? Path.of("/var/cache/pgcharter")
                : Path.of(System.getProperty("user.home"), ".cache/pgcharter");
    }

    /// The login name of the process's user as the kernel knows it: `$USER` could say anything.
    private static String person() {
        return new UnixSystem().getUsername();
    }

    @Override
    public synchronized Charters.Reading reading() {
        if (reading == null) {
            reading = CharterFile.read(file);
        }
        return reading;
    }

    @Override
    public Charter charter() {
        return switch (reading()) {
            case Charters.Parsed(Charter charter, var _) -> charter;
            case Charters.Rejected rejected -> throw CharterFile.unusable(file, rejected);
        };
    }

    @Override
    public void expectSql() {
        parser.begin();
    }

    @Override
    public Outcome submit(Operation operation, Asking asking, Observer observer) {
        return engine().submit(operation, asking, observer);
    }

    @Override
    public Decision explain(Operation operation, Asking asking) {
        return engine().explain(operation, asking);
    }

    @Override
    public List<JournalLine> journal(int count) {
        return engine().journal().last(count).stream().map(JournalLine::of).toList();
    }

    @Override
    public List<JournalLine> journalBefore(long number, int count) {
        return engine().journal().before(number, count).stream()
                .map(JournalLine::of)
                .toList();
    }

    @Override
    public Readings readings() {
        Engine built = engine();
        State control = opened();
        return new Readings(
                built.history(),
                new Verdicts(control),
                new ScheduleReading(charter(), control),
                new AlertBook(control),
                new Outbox(control),
                new AlertRules(charter(), () -> ""),
                new Inventory(control),
                new MetricHistory(control),
                new StatementHistory(control),
                () -> exposition().text(),
                built.inbox(),
                new People(control),
                new Tokens(control),
                new Releases(control));
    }

    /// One for the process: it also tells of the process itself.
    private synchronized Exposition exposition() {
        if (exposition == null) {
            exposition = new Exposition(
                    opened(),
                    charter().databases().values().stream()
                            .collect(Collectors.toMap(Charter.Database::name, Charter.Database::environment)));
        }
        return exposition;
    }

    private synchronized State opened() {
        return Objects.requireNonNull(state, "the engine opens it");
    }

    @Override
    public void serve(Consumer<String> announce) {
        Daemon started = new Daemon(parts(announce));
        synchronized (this) {
            daemon = started;
        }
        announce.accept("pgcharter serves " + file + "; stop it with Ctrl-C");
        started.run();
    }

    private List<Part> parts(Consumer<String> announce) {
        Engine serving = engine();
        Schedule schedule = new Schedule(charter(), serving, opened(), node());
        Alerting alerts = alerting();
        List<Part> parts = new ArrayList<>(List.of(
                new Repeated("recovery", RECOVERY_PAUSE, serving::recover, () -> {}),
                new Begun("schedule", schedule::start, schedule::stop),
                new Repeated("schedule's records", RECORDS_PAUSE, schedule::tidy, () -> {}),
                new Repeated(
                        "watch",
                        STANDING_PAUSE,
                        () -> stand(serving, new ServingOperation.Watch()),
                        serving::cancelAll),
                new Repeated(
                        "alerts", STANDING_PAUSE, () -> stand(serving, new ServingOperation.Alert()), alerts::stop)));
        web(announce).ifPresent(parts::add);
        return parts;
    }

    private synchronized Alerting alerting() {
        return Objects.requireNonNull(alerting, "made with the engine");
    }

    /// Submits what goes on for as long as the process, and returns when it has ended.
    private static void stand(Engine engine, Operation operation) {
        Outcome outcome = engine.submit(
                operation, new Asking(new Actor(person(), Optional.empty()), Optional.empty()), Observer.none());
        if (outcome instanceof Outcome.Failed(var _, var problem) && problem.code() != ProblemCode.CANCELLED) {
            throw new ProblemException(problem);
        }
    }

    /// Nothing listens that the charter does not ask for.
    private Optional<Part> web(Consumer<String> announce) {
        WebPlan plan = charter().serving().web();
        if (!plan.isWanted()) {
            announce.accept("no dashboard: " + file + " has no section 'web'");
            return Optional.empty();
        }
        State control = opened();
        Doors doors = new Doors(
                new People(control),
                new Logins(control, plan.session().idle(), plan.session().lasting()),
                new Tokens(control),
                new OidcRequests(control));
        Secrets secrets = new LocalSecrets(variables, directoryOf(file));
        return Optional.of(new WebServer(new WebServer.Setting(this, plan, doors, secrets, clock), person(), announce));
    }

    /// What watches also judges what pgcharter looks after.
    private Watching.Node watchingNode(EstateRound round, Duration every) {
        return new Watching.Node(
                node(), clock, List.of(new Watching.Chore("pgcharter's own checks", every, round::run)));
    }

    private synchronized Engine engine() {
        if (engine == null) {
            engine = build(charter());
        }
        return engine;
    }

    private Engine build(Charter charter) {
        Path directory = charter.state().directory().map(Path::of).orElseGet(() -> stateDirectory(variables));
        Secrets secrets = new LocalSecrets(variables, directoryOf(file));
        PostgresBinaries binaries = binaries(directory);
        Meanwhile<JournalKey> key =
                new Meanwhile<>("key", () -> JournalKey.loadOrCreate(directory.resolve("journal.key"))).begin();
        State opened = charter.state()
                .url()
                .map(url -> State.open(secrets.resolve(url), directory))
                .orElseGet(() -> State.open(directory, binaries));
        state = opened;
        Repositories repositories = new Repositories(secrets, cacheDirectory(variables));
        AlertBook book = new AlertBook(opened);
        Messenger messenger = new Messenger(secrets, clock);
        Alerting standing = new Alerting(charter, book, new Outbox(opened), messenger);
        alerting = standing;
        Sandboxes sandboxes = new Sandboxes(binaries, directory.resolve("sandbox"));
        SchemaTexts schemaTexts = new SchemaTexts(SchemaDump.ofThisMachine(), sandboxes);
        Checkbook checkbook = Checkbook.published();
        EstateReading estate =
                new EstateReading(charter, secrets, checkbook, EstateReading.Sources.of(repositories, opened), clock);
        MigrationLint lint = new MigrationLint(charter, secrets, parser::get);
        Capabilities capabilities = new Capabilities(
                new StatusReading(charter, secrets),
                new HealthReading(charter, secrets, checkbook, opened, estate),
                new LogicalBackup(charter, secrets, repositories, schemaTexts, clock),
                new BackupList(charter, repositories),
                new BackupPins(charter, repositories, clock),
                new RetentionWork(charter, repositories, clock),
                new Restore(charter, secrets, repositories, clock),
                new Verification(charter, repositories, sandboxes, clock),
                new DatabaseCopy(charter, secrets, schemaTexts, clock),
                new RepositoryWork(charter, repositories),
                new RepositoryHealth(charter, repositories, new PackReadings(opened)),
                new Pruning(charter, repositories),
                new CopyWork(charter, repositories),
                new KeyWork(charter, repositories),
                new Maintenance(charter, secrets, clock),
                new SessionWork(charter, secrets, clock),
                new DatabaseAdvice(charter, secrets),
                standing,
                new AlertDesk(charter, book, messenger),
                new Watching(
                        charter,
                        secrets,
                        opened,
                        checkbook,
                        watchingNode(
                                new EstateRound(estate, opened),
                                charter.serving().watch().checkEvery())),
                new QueryReading(charter, secrets, opened),
                new PoolSizing(charter, secrets),
                new SchemaWork(charter, secrets, sandboxes, parser::get, lint::judge),
                new Admission(charter.serving().web(), new People(opened), new Tokens(opened)),
                new Entrance(
                        new People(opened),
                        new Logins(
                                opened,
                                charter.serving().web().session().idle(),
                                charter.serving().web().session().lasting())),
                new Seeding(charter, secrets, parser::get, clock),
                new Resetting(charter, secrets, clock),
                new MigrationWork(charter, secrets, parser::get, new Releases(opened), clock),
                new ReleaseWork(charter, secrets, repositories, opened, clock),
                lint,
                new RehearsalWork(
                        charter,
                        new RehearsalWork.Means(secrets, repositories, sandboxes, new Rehearsals(opened)),
                        parser::get,
                        clock));
        return Engine.open(new Engine.Parts(
                new Guard(charter, clock),
                opened,
                new Journal(opened.jdbi(), key.get(), node(), clock),
                anchors(charter, repositories),
                capabilities,
                clock,
                node()));
    }

    private static Map<RepositoryName, Anchors> anchors(Charter charter, Repositories repositories) {
        Map<RepositoryName, Anchors> anchors = new LinkedHashMap<>();
        charter.repositories()
                .forEach((name, place) -> anchors.put(
                        name,
                        new RepositoryAnchors(
                                name.text(), () -> repositories.open(place.storage(), place.password()))));
        return anchors;
    }

    private static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /// This machine's name, as leases and checkpoints show it.
    private static String node() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }

    @Override
    public synchronized void cancelAll() {
        if (daemon != null) {
            daemon.stop();
        }
        if (engine != null) {
            engine.cancelAll();
        }
    }

    @Override
    public synchronized void close() {
        if (state != null) {
            state.close();
        }
    }
}
