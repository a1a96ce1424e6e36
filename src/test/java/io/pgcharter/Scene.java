package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.JournalLine;
import io.pgcharter.entry.corridor.Readings;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A charter with two databases and a repository, and the whole program behind it: for tests that go the way a wish
/// goes. `shop` is in production, `copy` is an empty database in the environment it may be copied to.
final class Scene implements AutoCloseable {
    static final DatabaseName SHOP = new DatabaseName("shop");
    static final DatabaseName COPY = new DatabaseName("copy");
    static final RepositoryName VAULT = new RepositoryName("vault");

    /// The charter of a scene. The state is private to it.
    static final String CHARTER = """
            charter: 1
            environments:
              production: { protected: true }
              cold: {}
            databases:
              shop: { environment: production, url: "${env:SHOP_URL}" }
              copy: { environment: cold, url: "${env:COPY_URL}" }
            repositories:
              vault: { path: "${env:VAULT}", password: "${env:VAULT_PASSWORD}" }
            backups:
              shop: { to: [vault], jobs: 2 }
            verification:
              shop: { smoke: ["select true"] }
            flows:
              - { from: production, to: cold, what: data, rule: allow }
            """;

    final Path directory = TestServers.directory();
    final Map<String, String> variables = new HashMap<>();
    private Corridor corridor;

    Scene(PostgresUrl shop, PostgresUrl copy) {
        this(shop, copy, CHARTER);
    }

    Scene(PostgresUrl shop, PostgresUrl copy, String charter) {
        variables.put("PGCHARTER_STATE_DIRECTORY", directory.resolve("s").toString());
        variables.put("SHOP_URL", text(shop));
        variables.put("COPY_URL", text(copy));
        variables.put("VAULT", directory.resolve("vault").toString());
        variables.put("VAULT_PASSWORD", "correct horse battery");
        write(charter);
        corridor = corridor();
    }

    private Corridor corridor() {
        return Wiring.shop(variables).corridors().open(directory.resolve("charter.yaml"), variables);
    }

    /// Ends the program and starts it again, with the variables as they are now.
    void restart() {
        corridor.close();
        corridor = corridor();
    }

    /// A scene on fresh databases of a server of `major`, with the repository made.
    static Scene on(int major) {
        Scene scene = new Scene(TestServers.fresh(major), TestServers.fresh(major));
        scene.done(new Operation.RepositoryInit(VAULT));
        return scene;
    }

    static String text(PostgresUrl url) {
        StringBuilder text = new StringBuilder("postgres://" + url.user());
        url.password().ifPresent(password -> text.append(':').append(password.reveal()));
        boolean socket = url.host().startsWith("/");
        text.append('@').append(socket ? "" : url.host() + ":" + url.port());
        text.append('/').append(url.database()).append("?sslmode=disable");
        text.append(socket ? "&host=" + url.host() + "&port=" + url.port() : "");
        url.parameters().forEach((name, value) -> {
            if (!name.equals("sslmode")) {
                text.append('&').append(name).append('=').append(value);
            }
        });
        return text.toString();
    }

    PostgresUrl url(DatabaseName database) {
        return PostgresUrl.parse(new io.pgcharter.model.secret.Secret(
                variables.getOrDefault(database.equals(SHOP) ? "SHOP_URL" : "COPY_URL", "")));
    }

    Session session(DatabaseName database) {
        return Session.open(url(database), "test");
    }

    void execute(DatabaseName database, String sql) {
        try (Session session = session(database)) {
            session.execute(sql);
        }
    }

    String ask(DatabaseName database, String sql) {
        try (Session session = session(database)) {
            return session.query(sql).getFirst().string(0);
        }
    }

    /// Asks every run of this program to end.
    void cancelAll() {
        corridor.cancelAll();
    }

    /// What the control database knows.
    Readings readings() {
        return corridor.readings();
    }

    Outcome submit(Operation operation) {
        return submit(operation, Observer.none());
    }

    Outcome submit(Operation operation, Observer observer) {
        return corridor.submit(operation, new Asking(new Actor("alice", Optional.empty()), Optional.empty()), observer);
    }

    /// Submits, as somebody else, what must succeed.
    void submitAs(String person, Operation operation) {
        Outcome outcome = corridor.submit(
                operation, new Asking(new Actor(person, Optional.empty()), Optional.empty()), Observer.none());
        assertThat(outcome).as(() -> String.valueOf(outcome)).isInstanceOf(Outcome.Done.class);
    }

    /// Gives the program another charter, and starts it again.
    void rewrite(String charter) {
        write(charter);
        restart();
    }

    private void write(String charter) {
        try {
            Files.writeString(directory.resolve("charter.yaml"), charter);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Submits what must succeed.
    Report done(Operation operation) {
        Outcome outcome = submit(operation);
        assertThat(outcome).as(() -> String.valueOf(outcome)).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).report();
    }

    /// Submits, confirmed, what must succeed.
    Report doneConfirmed(Operation operation, String name) {
        Outcome outcome = corridor.submit(
                operation, new Asking(new Actor("alice", Optional.empty()), Optional.of(name)), Observer.none());
        assertThat(outcome).as(() -> String.valueOf(outcome)).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).report();
    }

    /// The newest entries of the journal.
    List<JournalLine> journal() {
        return corridor.journal(50);
    }

    /// Submits what must fail.
    Problem failed(Operation operation) {
        return failed(operation, Observer.none());
    }

    /// Submits what must fail although it is confirmed.
    Problem failedConfirmed(Operation operation, String name) {
        return failed(corridor.submit(
                operation, new Asking(new Actor("alice", Optional.empty()), Optional.of(name)), Observer.none()));
    }

    Problem failed(Operation operation, Observer observer) {
        return failed(submit(operation, observer));
    }

    private static Problem failed(Outcome outcome) {
        assertThat(outcome).as(() -> String.valueOf(outcome)).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed) outcome).problem();
    }

    Report.Backup backup() {
        return (Report.Backup) done(new Operation.Backup(SHOP, VAULT));
    }

    Report.Verify verify(BackupId backup) {
        return (Report.Verify) done(new Operation.Verify(backup, VAULT, SHOP));
    }

    List<Report.BackupRow> backups() {
        return ((Report.Backups) done(new Operation.Backups(VAULT))).backups();
    }

    @Override
    public void close() {
        corridor.close();
        delete(directory);
    }

    /// Removes a directory and all that is in it.
    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
