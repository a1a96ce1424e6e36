package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.AccessReport;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Role;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// `pgcharter serve` in this process, with a dashboard on a free port of this machine, and a control database of its
/// own.
final class WebScene implements AutoCloseable {
    /// Copies from production into `cold` are free, those into `test` need somebody's agreement.
    static final String CHARTER = """
            charter: 1
            environments:
              production: { protected: true }
              cold: {}
              test: {}
            databases:
              shop: { environment: production, url: "${env:SHOP_URL}" }
              copy: { environment: cold, url: "${env:COPY_URL}" }
              trial: { environment: test, url: "${env:COPY_URL}" }
            repositories:
              vault: { path: "${env:VAULT}", password: "${env:VAULT_PASSWORD}" }
            backups:
              shop: { to: [vault] }
            flows:
              - { from: production, to: cold, what: data, rule: allow }
              - { from: production, to: test, what: data, rule: { approvals: 1, role: owners } }
            approvers:
              owners: [paula, olaf]
            state: { url: "${env:STATE_URL}" }
            """;

    final Path directory = TestServers.directory();
    final Map<String, String> variables = new HashMap<>();
    final List<String> said = new CopyOnWriteArrayList<>();
    final Corridor corridor;
    private final PostgresUrl state = TestServers.fresh(15);
    private final Thread server;
    private volatile RuntimeException broken = new IllegalStateException("it has not ended");

    WebScene() {
        this("web: { listen: \"127.0.0.1:0\" }\n");
    }

    /// @param web section of the charter
    WebScene(String web) {
        this(CHARTER, web);
    }

    /// @param charter without, and @param web with the section `web`
    WebScene(String charter, String web) {
        variables.put("PGCHARTER_STATE_DIRECTORY", directory.resolve("s").toString());
        variables.put("SHOP_URL", Scene.text(TestServers.fresh(15)));
        variables.put("COPY_URL", Scene.text(TestServers.fresh(15)));
        variables.put("STATE_URL", Scene.text(state));
        variables.put("VAULT", directory.resolve("vault").toString());
        variables.put("VAULT_PASSWORD", "correct horse battery");
        variables.put("OIDC_SECRET", "provider knows");
        try {
            Files.createDirectories(directory.resolve("s"));
            Files.writeString(directory.resolve("charter.yaml"), charter + web);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        corridor = Wiring.shop(variables).corridors().open(directory.resolve("charter.yaml"), variables);
        server = Thread.ofVirtual().start(this::serve);
        Wait.until(
                "the dashboard listens",
                () -> !server.isAlive()
                        || (said("dashboard: ").isPresent() && said("there ").isPresent()));
        if (!server.isAlive()) {
            corridor.close();
            throw broken;
        }
    }

    private void serve() {
        try {
            corridor.serve(said::add);
        } catch (RuntimeException e) {
            broken = e;
        }
    }

    private Optional<String> said(String beginning) {
        return said.stream().filter(line -> line.startsWith(beginning)).findFirst();
    }

    /// What browsers type, without a slash at the end.
    URI address() {
        return URI.create(said("dashboard: ").orElseThrow().substring("dashboard: ".length()));
    }

    /// Path of the first admin's link.
    String firstLink() {
        String line = said("there ").orElseThrow();
        return line.substring(line.indexOf("/first/"));
    }

    Outcome submit(String person, Operation operation) {
        return corridor.submit(
                operation, new Asking(new Actor(person, Optional.empty()), Optional.empty()), Observer.none());
    }

    Report done(Operation operation) {
        Outcome outcome = submit("root", operation);
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).report();
    }

    /// Path of a new user's link.
    String added(String user, Role role) {
        String link = ((AccessReport.UserAdd) done(new AccessOperation.UserAdd(user, role)))
                .link()
                .reveal();
        return link.substring(link.indexOf("/first/"));
    }

    /// A token of a user who exists.
    String token(String user, Role scope) {
        Report report = done(new AccessOperation.TokenCreate(user, "test", scope, Duration.ofDays(1)));
        return ((AccessReport.TokenCreate) report).secret().reveal();
    }

    /// A client that shows a token of a user made for it.
    WebClient with(String user, Role role) {
        added(user, role);
        return new WebClient(address()).bearing(token(user, role));
    }

    /// A browser in which a user made for it has set a password.
    WebClient browser(String user, Role role) {
        String link = added(user, role);
        WebClient browser = new WebClient(address());
        assertThat(browser.setPassword(link, "correct horse " + user).statusCode())
                .isEqualTo(303);
        return browser;
    }

    /// Changes or asks the control database behind everybody's back.
    void state(String sql) {
        try (Session session = Session.open(state, "test")) {
            session.execute(sql);
        }
    }

    String ask(String sql) {
        try (Session session = Session.open(state, "test")) {
            return session.query(sql).getFirst().string(0);
        }
    }

    @Override
    public void close() {
        corridor.cancelAll();
        try {
            server.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        corridor.close();
        Scene.delete(directory);
    }
}
