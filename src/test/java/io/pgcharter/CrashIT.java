package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.Cluster;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The program killed in the middle of its work, and what the next command finds and makes of it.
class CrashIT {
    private static final String CHARTER = """
            charter: 1
            environments:
              production: {}
              cold: {}
            databases:
              shop: { environment: production, url: "${env:SHOP}" }
              copy: { environment: cold, url: "${env:COPY}" }
            repositories:
              vault: { path: repository, password: "${env:PASSWORD}" }
            backups:
              shop: { to: [vault], jobs: 1 }
            flows:
              - { from: production, to: cold, what: data, rule: allow }
            """;

    private final Path directory = TestServers.directory();
    private final PostgresUrl shop = TestServers.fresh(15);
    private final PostgresUrl copy = TestServers.fresh(15);
    private final Commands commands = new Commands(Map.of(
            "SHOP", TestServers.text(shop).reveal(),
            "COPY", TestServers.text(copy).reveal(),
            "PASSWORD", "correct horse",
            "PGCHARTER_CHARTER", directory.resolve("charter.yaml").toString(),
            "PGCHARTER_STATE_DIRECTORY", directory.resolve("s").toString()));

    @BeforeEach
    void fill_the_shop() throws IOException {
        Files.writeString(directory.resolve("charter.yaml"), CHARTER);
        try (Session session = Session.open(shop, "test")) {
            // The large table is read first; the small one is where a reader can be made to wait.
            session.execute("create table big (id int primary key, note text);"
                    + "insert into big select i, md5(i::text) || repeat(md5((i * 7)::text), 9)"
                    + " from generate_series(1, 150000) i;"
                    + "create table small (id int primary key); insert into small values (1), (2), (3); analyze");
        }
        commands.done("repository", "init", "vault");
    }

    @AfterEach
    void remove_everything() throws IOException {
        new Cluster(Path.of("/usr/lib/postgresql/15/bin"), directory.resolve("s/state")).stop("immediate");
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Test
    void a_killed_backup_is_lost_in_the_journal_and_no_backup() {
        try (Session application = Session.open(shop, "test");
                ChildJvm killed = commands.start("backup", "shop")) {
            readerWaits(application);
            assertThat(packs()).as("part of it is written").isPositive();
            killed.kill();
            application.execute("rollback");
        }

        assertThat(commands.json("backups", "--json").path("report").path("backups"))
                .isEmpty();
        assertThat(steps("backup")).containsExactly("ASKED", "DECIDED", "BEGUN", "ENDED lost RUN_LOST");
        assertNothingLeftOn(shop);
        commands.done("repository", "check", "vault", "--read-data");

        commands.done("backup", "shop");
        assertThat(commands.json("backups", "--json").path("report").path("backups"))
                .hasSize(1);
        commands.done("journal", "verify");
    }

    @Test
    void a_killed_copy_is_lost_in_the_journal_and_the_next_one_takes_its_place() {
        try (ChildJvm killed = commands.start("copy", "shop", "copy")) {
            largeTableIsRead();
            killed.kill();
        }
        assertNothingLeftOn(shop);
        assertNothingLeftOn(copy);
        assertThat(ask(copy, "select count(*)::text from pg_namespace where nspname = 'pgcharter_incomplete'"))
                .as("it is marked as half done")
                .isEqualTo("1");

        commands.done("copy", "shop", "copy");

        assertThat(steps("copy").subList(0, 4)).containsExactly("ASKED", "DECIDED", "BEGUN", "ENDED lost RUN_LOST");
        assertThat(ask(copy, "select (select count(*) from big) || ' ' || (select count(*) from small)"))
                .isEqualTo("150000 3");
        assertThat(ask(copy, "select count(*)::text from pg_namespace where nspname = 'pgcharter_incomplete'"))
                .isEqualTo("0");
    }

    @Test
    void a_killed_restore_is_lost_in_the_journal_and_the_next_one_takes_its_place() {
        commands.done("backup", "shop");
        try (ChildJvm killed = commands.start("restore", "latest", "--of", "shop", "--into", "copy")) {
            Wait.until(
                    "rows are being loaded",
                    () -> ask(
                                    shop,
                                    "select count(*)::text from pg_stat_activity" + " where datname = '"
                                            + copy.database() + "' and query ilike 'copy %big%'")
                            .equals("1"));
            killed.kill();
        }
        assertNothingLeftOn(copy);

        commands.done("restore", "latest", "--of", "shop", "--into", "copy");

        assertThat(steps("restore").subList(0, 4)).containsExactly("ASKED", "DECIDED", "BEGUN", "ENDED lost RUN_LOST");
        assertThat(ask(copy, "select (select count(*) from big) || ' ' || (select count(*) from small)"))
                .isEqualTo("150000 3");
    }

    @Test
    void an_interrupted_backup_ends_in_order() {
        try (Session application = Session.open(shop, "test");
                ChildJvm interrupted = commands.start("backup", "shop")) {
            readerWaits(application);
            interrupted.interrupt();

            assertThat(interrupted.exitCode()).isEqualTo(1);
            assertThat(String.join("\n", interrupted.lines())).contains("CANCELLED", "was cancelled");
            // The application still holds its lock: nothing of ours waits for it any more.
            assertNothingLeftOn(shop);
            application.execute("rollback");
        }
        assertThat(steps("backup")).containsExactly("ASKED", "DECIDED", "BEGUN", "ENDED failed CANCELLED");
        assertThat(commands.json("backups", "--json").path("report").path("backups"))
                .isEmpty();
        assertThat(list(directory.resolve("repository/locks"))).isEmpty();
        commands.done("backup", "shop");
    }

    @Test
    void a_run_can_be_cancelled_from_another_process() {
        try (Session application = Session.open(shop, "test");
                ChildJvm running = commands.start("backup", "shop")) {
            readerWaits(application);
            String run = entries("backup").getFirst().path("run").stringValue();

            commands.done("cancel", run);

            assertThat(running.exitCode()).isEqualTo(1);
            assertThat(String.join("\n", running.lines())).contains("CANCELLED", run);
            application.execute("rollback");
        }
        assertThat(steps("backup")).containsExactly("ASKED", "DECIDED", "BEGUN", "ENDED failed CANCELLED");
        assertNothingLeftOn(shop);
    }

    @Test
    void a_backup_that_waits_for_a_lock_before_its_first_step_can_be_cancelled() {
        try (Session application = Session.open(shop, "test")) {
            application.execute("begin; lock table small in access exclusive mode");
            try (ChildJvm running = commands.start("backup", "shop")) {
                Wait.until(
                        "a session of ours waits for the table", () -> sessions(shop, "wait_event_type = 'Lock'") > 0);
                String run = entries("backup").getFirst().path("run").stringValue();
                long asked = System.nanoTime();

                commands.done("cancel", run);

                assertThat(running.exitCode()).isEqualTo(1);
                // The server itself would let it wait for 30 s.
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(20));
                assertThat(String.join("\n", running.lines())).contains("CANCELLED", run);
            }
            application.execute("rollback");
        }
        assertThat(steps("backup")).containsExactly("ASKED", "DECIDED", "BEGUN", "ENDED failed CANCELLED");
        assertNothingLeftOn(shop);
    }

    @Test
    @Tag("soak")
    void a_control_database_that_dies_before_the_commit_point_ends_the_run_without_a_backup() {
        Cluster state = new Cluster(Path.of("/usr/lib/postgresql/15/bin"), directory.resolve("s/state"));
        try (Session application = Session.open(shop, "test");
                ChildJvm running = commands.start("backup", "shop")) {
            readerWaits(application);
            long server = state.pid().orElseThrow();
            ProcessHandle.of(server).orElseThrow().destroyForcibly();
            Wait.until(
                    "the control database is gone",
                    () -> ProcessHandle.of(server).isEmpty());
            application.execute("rollback");

            assertThat(running.exitCode()).isEqualTo(1);
            assertThat(String.join("\n", running.lines())).contains("STATE_UNAVAILABLE");
        }
        assertThat(commands.json("backups", "--json").path("report").path("backups"))
                .isEmpty();
        assertThat(steps("backup")).containsExactly("ASKED", "DECIDED", "BEGUN", "ENDED lost RUN_LOST");
        assertNothingLeftOn(shop);
        commands.done("backup", "shop");
    }

    /// Locks the small table while the large one is read, and returns when a reader waits for it.
    private void readerWaits(Session application) {
        largeTableIsRead();
        application.execute("begin; lock table small in access exclusive mode");
        Wait.until("a reader waits", () -> sessions(shop, "wait_event_type = 'Lock'") > 0);
    }

    private void largeTableIsRead() {
        Wait.until("the large table is read", () -> sessions(shop, "query ilike 'copy %big%'") > 0);
    }

    private void assertNothingLeftOn(PostgresUrl url) {
        Wait.until("no session of ours is left on " + url, () -> sessions(url, "true") == 0);
        assertThat(ask(url, "select count(*)::text from pg_replication_slots")).isEqualTo("0");
        assertThat(ask(url, "select count(*)::text from pg_prepared_xacts")).isEqualTo("0");
    }

    private static int sessions(PostgresUrl url, String condition) {
        return Integer.parseInt(ask(
                url,
                "select count(*)::text from pg_stat_activity where datname = current_database()"
                        + " and application_name like 'pgcharter%' and application_name <> 'pgcharter test' and "
                        + condition));
    }

    private static String ask(PostgresUrl url, String sql) {
        try (Session session = Session.open(url, "test")) {
            return session.query(sql).getFirst().string(0);
        }
    }

    /// What the journal says of a verb, oldest first; ends with how they ended.
    private List<String> steps(String verb) {
        return entries(verb).stream()
                .map(entry -> entry.path("step").stringValue() + " " + ending(entry))
                .map(String::strip)
                .toList();
    }

    /// `lost RUN_LOST` of "lost: RUN_LOST: run … never ended"
    private static String ending(JsonNode entry) {
        String[] words = entry.path("detail").stringValue().split(": ", 3);
        return !entry.path("step").stringValue().equals("ENDED")
                ? ""
                : words[0] + (words.length > 1 ? " " + words[1] : "");
    }

    private List<JsonNode> entries(String verb) {
        return commands.json("journal", "--json", "--last", "1000")
                .path("entries")
                .valueStream()
                .filter(entry -> entry.path("verb").stringValue().equals(verb))
                .toList();
    }

    private long packs() {
        try (Stream<Path> files = Files.walk(directory.resolve("repository/data"))) {
            return files.filter(Files::isRegularFile).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> list(Path place) {
        try (Stream<Path> files = Files.list(place)) {
            return files.map(Path::toString).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
