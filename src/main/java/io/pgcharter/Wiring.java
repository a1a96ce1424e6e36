package io.pgcharter;

import com.sun.security.auth.module.UnixSystem;
import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Engine;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.cli.Shop;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.JournalLine;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.platform.sandbox.PostgresBinaries;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.guard.Decision;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Connects everything, by hand: every long-lived `new` stands here. What starting does not need is made on first use.
final class Wiring implements Corridor {
    private final Path file;
    private final Map<String, String> variables;
    private final InstantSource clock;
    private Charters.@Nullable Reading reading;

    private Wiring(Path file, Map<String, String> variables, InstantSource clock) {
        this.file = file;
        this.variables = variables;
        this.clock = clock;
    }

    /// What the command line works with.
    static Shop shop(Map<String, String> variables) {
        InstantSource clock = Clock.systemUTC();
        Path home = Path.of(System.getProperty("pgcharter.home", ""));
        return new Shop(
                (file, secrets) -> new Wiring(file, secrets, clock),
                clock,
                Wiring::person,
                variables,
                home,
                () -> installedBinaries(variables),
                (_, _) -> {});
    }

    /// Without the bundled ones, which have no `pg_dump`.
    private static PostgresBinaries installedBinaries(Map<String, String> variables) {
        Path unpacked = stateDirectory(variables).resolve("postgres");
        return new PostgresBinaries(Path.of("/usr/lib/postgresql"), unpacked.resolve("none"), unpacked);
    }

    /// Where this user's pgcharter keeps its data, by the XDG Base Directory Specification.
    private static Path stateDirectory(Map<String, String> variables) {
        String named = variables.get("PGCHARTER_STATE_DIRECTORY");
        if (named != null) {
            return Path.of(named);
        }
        String state = variables.get("XDG_STATE_HOME");
        return state != null
                ? Path.of(state, "pgcharter")
                : Path.of(System.getProperty("user.home"), ".local/state/pgcharter");
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
    public Outcome submit(Operation operation, Asking asking, Observer observer) {
        return engine().submit(operation, asking, observer);
    }

    @Override
    public Decision explain(Operation operation, Asking asking) {
        return engine().explain(operation, asking);
    }

    @Override
    public List<JournalLine> journal(int count) {
        throw new IllegalStateException("not built yet");
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
        PostgresBinaries binaries = binaries(home(), directory);
        state = charter.state()
                .url()
                .map(url -> State.open(secrets.resolve(url), directory))
                .orElseGet(() -> State.open(directory, binaries));
        Repositories repositories = new Repositories(secrets);
        SchemaDump schemaDump = new SchemaDump(INSTALLED_POSTGRES);
        Capabilities capabilities = new Capabilities(
                new StatusReading(charter, secrets),
                new LogicalBackup(charter, secrets, repositories, schemaDump, clock),
                new BackupList(charter, repositories),
                new Restore(charter, secrets, repositories, clock),
                new Verification(charter, repositories, new Sandboxes(binaries, directory.resolve("sandbox")), clock),
                new DatabaseCopy(charter, secrets, schemaDump, clock),
                new RepositoryWork(charter, repositories));
        return Engine.open(new Engine.Parts(
                new Guard(charter, clock),
                state,
                new Journal(state.jdbi(), JournalKey.loadOrCreate(directory.resolve("journal.key")), clock),
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
                                name.text(), () -> repositories.open(place.path(), place.password()))));
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
