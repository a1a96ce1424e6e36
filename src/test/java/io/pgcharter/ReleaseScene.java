package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.migration.Layout;
import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Pin;
import io.pgcharter.model.migration.Rehearsal;
import io.pgcharter.model.migration.Release;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.ReleaseStanding;
import io.pgcharter.model.operation.ReleaseStanding.StepStanding;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.history.PlainHistory;
import io.pgcharter.platform.layout.Layouts;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.state.Rehearsals;
import io.pgcharter.platform.state.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A scene for releases from staging (`copy`) to production (`shop`): both have the first migration, and production
/// a row; the second and third are due.
final class ReleaseScene implements AutoCloseable {
    static final SchemaOperation RELEASE = new SchemaOperation.Release(Scene.SHOP, false, Optional.empty());

    static final List<String> APPLIED = List.of("1_users applied", "2_orders applied", "3_names applied");
    static final List<String> AS_BEFORE = List.of("1_users applied", "2_orders pending", "3_names pending");

    private static final String CHARTER = """
            charter: 1
            environments:
              production: {}
              staging: {}
            databases:
              shop: { environment: production, url: "${env:SHOP_URL}" }
              copy: { environment: staging, url: "${env:COPY_URL}" }
            repositories:
              vault: { path: "${env:VAULT}", password: "${env:VAULT_PASSWORD}" }
            backups:
              shop: { to: [vault], jobs: 2 }
            verification:
              shop: { smoke: ["select count(*) < 3 from users"] }
            migrations:
              main:
                layout: plain
                path: m
                databases: [copy, shop]
                lock-timeout: 1s
                attempts: 2
                rehearsal: { valid-for: 1d }
                release: { RELEASE }
            flows:
              - { from: staging, to: production, what: migration, rule: allow }
            state: { url: "${env:STATE}" }
            """;

    final Scene scene;

    /// @param state URL of a control database, which may be shared by tests that run one after another
    ReleaseScene(PostgresUrl shop, PostgresUrl copy, String state) {
        scene = new Scene(shop, copy, charter("back: down"));
        scene.variables.put("STATE", state);
        scene.done(new Operation.RepositoryInit(Scene.VAULT));
        control("delete from pgcharter.rehearsal; delete from pgcharter.release");
        file("1_users.up.sql", "create table users (id int primary key)");
        file("1_users.down.sql", "drop table users");
        up();
        scene.done(new SchemaOperation.MigrateUp(Scene.SHOP, Optional.empty()));
        scene.execute(Scene.SHOP, "insert into users values (1)");
        file("2_orders.up.sql", "create table orders (id int primary key)");
        file("2_orders.down.sql", "drop table orders");
        file("3_names.up.sql", "alter table users add name text");
        file("3_names.down.sql", "alter table users drop name");
    }

    @Override
    public void close() {
        // The control database may be shared: no test leaves its release open.
        Outcome unused = scene.submit(new SchemaOperation.Release(Scene.SHOP, true, Optional.empty()));
        scene.close();
    }

    private String state() {
        return scene.variables.getOrDefault("STATE", "");
    }

    static String charter(String release) {
        return CHARTER.replace("RELEASE", release.contains("watch:") ? release : release + ", watch: 1s");
    }

    void file(String name, String text) {
        Path file = scene.directory.resolve("m").resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void control(String sql) {
        try (Session session = Session.open(PostgresUrl.parse(new Secret(state())), "test")) {
            session.execute(sql);
        }
    }

    void up() {
        scene.done(new SchemaOperation.MigrateUp(Scene.COPY, Optional.empty()));
    }

    String fingerprint(DatabaseName database) {
        try (Session session = scene.session(database)) {
            return CatalogReader.read(session).fingerprint();
        }
    }

    /// What `rehearse` keeps: that the migrations due were applied to a copy of production, with what came of it.
    /// Staging has got the same ones, so its catalog is what production's will be.
    void rehearse(boolean passed, Duration ago, String after) {
        rehearse(passed, ago, after, Optional.empty());
    }

    private void rehearse(boolean passed, Duration ago, String after, Optional<Catalog> made) {
        List<Migration> due = Layouts.read(Layout.PLAIN, scene.directory.resolve("m"), 1_000_000).stream()
                .filter(migration -> !migration.name().startsWith("1_"))
                .toList();
        try (var control = State.open(new Secret(state()), scene.directory.resolve("s"))) {
            new Rehearsals(control)
                    .keep(
                            new Rehearsal(
                                    new RunId(String.format("%012x", System.nanoTime() & 0xffffffffffffL)),
                                    Scene.SHOP,
                                    Pin.of(due),
                                    new BackupId("0123abcd"),
                                    fingerprint(Scene.SHOP),
                                    after,
                                    passed,
                                    Instant.now().minus(ago)),
                            made);
        }
    }

    void rehearse() {
        up();
        try (Session session = scene.session(Scene.COPY)) {
            Catalog made = CatalogReader.read(session);
            rehearse(true, Duration.ZERO, made.fingerprint(), Optional.of(new PlainHistory("public").without(made)));
        }
    }

    ReleaseStanding released() {
        var report = (SchemaReport.Release) scene.done(RELEASE);
        assertThat(report.outcome()).isEqualTo(Release.State.RELEASED);
        return report.release().orElseThrow();
    }

    Problem fails() {
        return scene.failed(RELEASE);
    }

    Optional<ReleaseStanding> status() {
        return ((SchemaReport.MigrateStatus) scene.done(new SchemaOperation.MigrateStatus(Scene.SHOP))).release();
    }

    List<String> history() {
        return ((SchemaReport.MigrateStatus) scene.done(new SchemaOperation.MigrateStatus(Scene.SHOP)))
                .rows().stream().map(row -> row.name() + " " + row.standing()).toList();
    }

    static List<String> steps(ReleaseStanding release) {
        return release.steps().stream()
                .map(step -> step.step() + (step.mark().equals("done") ? "" : " " + step.mark()))
                .toList();
    }

    static StepStanding step(ReleaseStanding release, String name) {
        return release.steps().stream()
                .filter(step -> step.step().equals(name))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    boolean isWaiting() {
        return scene.ask(Scene.SHOP, "select count(*)::text from pg_locks where not granted")
                .equals("1");
    }

    Commands commands() {
        Map<String, String> variables = new HashMap<>(scene.variables);
        variables.put(
                "PGCHARTER_CHARTER", scene.directory.resolve("charter.yaml").toString());
        return new Commands(variables);
    }

    Process start() {
        return new Console(scene.variables, scene.directory.resolve("charter.yaml")).start("release", "shop");
    }
}
