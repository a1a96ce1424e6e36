package io.pgcharter.engine.engine;

import io.pgcharter.engine.journal.Entry;
import io.pgcharter.engine.journal.Journal;
import io.pgcharter.engine.journal.JournalKey;
import io.pgcharter.engine.journal.Step;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.state.State;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.guard.Guard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// A control database, and engines of several nodes on it, each with a work of the test's own in the capabilities'
/// place. Time goes as the test says.
final class EngineScene implements AutoCloseable {
    static final DatabaseName SHOP = new DatabaseName("shop");
    static final DatabaseName COPY = new DatabaseName("copy");
    static final RepositoryName VAULT = new RepositoryName("vault");
    static final Operation BACKUP = new Operation.Backup(SHOP, VAULT);

    static final String CHARTER = """
            charter: 1
            environments:
              production: { protected: true }
              cold: {}
            databases:
              shop: { environment: production, url: "${env:A}" }
              copy: { environment: cold, url: "${env:B}" }
            repositories:
              vault: { path: /nowhere, password: "${env:P}" }
            backups:
              shop: { to: [vault] }
            flows:
              - { from: production, to: cold, what: data, rule: { approvals: 1, role: admin, valid: 1h } }
            approvers: { admin: [alice, bob, Alice, carol] }
            """;

    private final PostgresUrl database = TestServers.fresh(15);
    private final Path directory = TestServers.directory();
    private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");

    /// One node: a state of its own on the shared database, and an engine.
    record Node(State state, Engine engine) implements AutoCloseable {
        Outcome submit(Operation operation, String person) {
            return engine.submit(operation, asking(person), Observer.none());
        }

        List<Entry> entries(RunId run) {
            return engine.journal().last(10_000).stream()
                    .filter(entry -> entry.run().equals(run))
                    .toList();
        }

        List<Step> steps(RunId run) {
            return entries(run).stream().map(Entry::step).toList();
        }

        @Override
        public void close() {
            state.close();
        }
    }

    Node node(String name, Work work) {
        return node(name, CHARTER, work);
    }

    Node node(String name, String charter, Work work) {
        State state = State.open(TestServers.text(database), directory);
        InstantSource clock = () -> now;
        return new Node(
                state,
                Engine.open(new Engine.Parts(
                        new Guard(charter(charter), clock),
                        state,
                        new Journal(
                                state.jdbi(), JournalKey.loadOrCreate(directory.resolve("journal.key")), name, clock),
                        Map.of(),
                        work,
                        clock,
                        name)));
    }

    private static Charter charter(String text) {
        return switch (Charters.parse(text, "charter.yaml", Path.of("/"))) {
            case Charters.Parsed parsed -> parsed.charter();
            case Charters.Rejected rejected -> throw new AssertionError(rejected.errors());
        };
    }

    static Asking asking(String person) {
        return new Asking(new Actor(person, Optional.empty()), Optional.empty());
    }

    /// Does the work on a thread of its own.
    static <T> CompletableFuture<T> beside(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
    }

    void passes(Duration time) {
        now = now.plus(time);
    }

    Session session() {
        return Session.open(database, "test");
    }

    void execute(String sql) {
        try (Session session = session()) {
            session.execute(sql);
        }
    }

    String ask(String sql) {
        try (Session session = session()) {
            return session.query(sql).getFirst().string(0);
        }
    }

    /// Cuts all nodes off, or lets them in again.
    void away(boolean away) {
        try (Session session = Session.open(database.withDatabase("postgres"), "test")) {
            session.execute("alter database " + database.database() + " allow_connections " + !away);
            session.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                    + database.database() + "'");
        }
    }

    /// From now on the journal refuses entries of which `pattern` (as of `like`) matches the bytes.
    void journalRefuses(String pattern) {
        execute("create function refuse() returns trigger language plpgsql as"
                + " $$ begin raise exception 'the disk is full'; end $$;"
                + "create trigger refuse before insert on pgcharter.journal for each row"
                + " when (convert_from(new.leaf, 'UTF8') like '" + pattern + "') execute function refuse()");
    }

    void journalAccepts() {
        execute("drop function refuse() cascade");
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(directory.resolve("journal.key"));
        Files.deleteIfExists(directory);
    }
}
