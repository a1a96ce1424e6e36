package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/// `kill -9` of pgcharter at every step. Each run begins on what the one killed before it left; the last one may end.
@Timeout(180)
class KilledIT {
    private static final int MAJOR = 15;

    private static final String SHOP = """
            create table users (id int primary key, email text unique not null);
            insert into users select i, 'user' || i || '@example.org' from generate_series(1, 20000) i;
            create table payments (id bigserial primary key, user_id int not null references users, note text);
            insert into payments (user_id, note) select 1 + i % 20000, repeat('x', i % 100) from generate_series(1, 100000) i;
            create index on payments (user_id);
            create function touch() returns trigger language plpgsql as 'begin return new; end';
            create trigger touched before insert on payments for each row execute function touch();
            create materialized view totals as select user_id, count(*) from payments group by 1;
            select lo_from_bytea(0, 'large')""";

    /// What a load does, in this order.
    private static final List<String> LOADING = List.of(
            "creating tables",
            "loading rows",
            "loading large objects",
            "restoring owners of large objects",
            "setting sequences",
            "building indexes",
            "finishing tables",
            "checking foreign keys",
            "refreshing materialized views");

    private Scene scene;
    private Console console;
    private PostgresUrl server;

    @BeforeEach
    void open() {
        server = TestServers.server(MAJOR);
        play(Scene.CHARTER + "state: { url: \"${env:STATE}\" }\n");
    }

    private void play(String charter) {
        scene = new Scene(TestServers.fresh(MAJOR), TestServers.fresh(MAJOR), charter);
        scene.variables.put("STATE", Scene.text(TestServers.fresh(MAJOR)));
        scene.execute(Scene.SHOP, SHOP);
        console = new Console(scene.variables, scene.directory.resolve("charter.yaml"));
        assertThat(console.run("repository", "init", "vault")).as(console::err).isZero();
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void a_killed_backup_is_never_listed_and_the_next_one_works() {
        Console.killAt(console.start("backup", "shop"), "copying rows");
        Traces.vanish(server);
        assertThat(console.run("backups")).isZero();
        assertThat(console.out()).contains("no backups");

        assertThat(console.run("backup", "shop")).as(console::err).isZero();

        assertThat(console.run("verify", "shop")).as(console::err).isZero();
        assertThat(console.run("repository", "check", "vault", "--read-data"))
                .as(console::err)
                .isZero();
        assertThat(console.run("journal", "--last", "50")).isZero();
        assertThat(console.out()).contains("RUN_LOST");
        assertThat(console.run("journal", "verify")).isZero();
    }

    @Test
    void a_private_state_outlives_the_process_that_started_it() {
        scene.close();
        play(Scene.CHARTER);

        Console.killAt(console.start("backup", "shop"), "copying rows");

        assertThat(console.run("backup", "shop")).as(console::err).isZero();
        assertThat(console.run("journal", "--last", "50")).isZero();
        assertThat(console.out()).contains("RUN_LOST");
    }

    @Test
    void a_killed_restore_marks_its_target_and_the_next_one_wipes_it() {
        assertThat(console.run("backup", "shop")).isZero();
        String[] restore = {"restore", "latest", "--of", "shop", "--into", "copy"};

        killInTurn(List.of("loading rows", "building indexes"), restore);
    }

    @Tag("soak")
    @Test
    void a_restore_killed_at_any_step_marks_its_target_and_the_next_one_wipes_it() {
        assertThat(console.run("backup", "shop")).isZero();
        killInTurn(LOADING, "restore", "latest", "--of", "shop", "--into", "copy");
    }

    @Tag("soak")
    @Test
    void a_killed_restore_into_a_new_database_leaves_one_that_says_so_and_the_next_one_drops_it() {
        assertThat(console.run("backup", "shop")).isZero();
        String name = scene.url(Scene.COPY).database() + "_new";
        String[] restore = {"restore", "latest", "--of", "shop", "--into", "copy", "--as-new-database", name};

        Console.killAt(console.start(restore), "building indexes");
        Traces.vanish(server);
        assertThat(asides()).hasSize(1);
        assertThat(scene.ask(Scene.COPY, "select count(*)::text from pg_database where datname = '" + name + "'"))
                .isEqualTo("0");

        assertThat(console.run(restore)).as(console::err).isZero();
        assertThat(asides()).isEmpty();
    }

    @Tag("soak")
    @Test
    void a_copy_killed_at_any_step_marks_its_target_and_the_next_one_wipes_it() {
        List<String> steps = new ArrayList<>(LOADING);
        steps.add("comparing rows");
        killInTurn(steps, "copy", "shop", "copy");
    }

    private void killInTurn(List<String> steps, String... words) {
        for (String step : steps) {
            Console.killAt(console.start(words), step);
            Traces.vanish(server);
            assertThat(marks()).as(step).isEqualTo("1");
        }
        assertThat(console.run(words)).as(console::err).isZero();
        whole();
    }

    @Test
    void a_killed_replacement_leaves_the_old_database_serving() {
        scene.execute(Scene.COPY, "create table old (id int); insert into old values (7)");
        String name = scene.url(Scene.COPY).database();
        String[] copy = {"copy", "shop", "copy", "--replace", "--confirm", "copy"};

        Console.killAt(console.start(copy), "comparing rows");
        Traces.vanish(server);

        assertThat(scene.ask(Scene.COPY, "select id::text from old")).isEqualTo("7");
        assertThat(asides()).hasSize(1);
        assertThat(console.run(copy)).as(console::err).isZero();
        assertThat(asides()).isEmpty();
        assertThat(scene.url(Scene.COPY).database()).isEqualTo(name);
        whole();
    }

    @Test
    void a_killed_verify_proves_nothing_and_the_next_one_removes_its_scratch_server() throws IOException {
        killVerify(List.of("loading rows"));
    }

    @Tag("soak")
    @Test
    void a_verify_killed_at_any_step_proves_nothing_and_the_next_one_removes_its_scratch_server() throws IOException {
        List<String> steps = new ArrayList<>(LOADING);
        steps.addAll(List.of("comparing rows", "asking smoke queries"));
        killVerify(steps);
    }

    private void killVerify(List<String> steps) throws IOException {
        assertThat(console.run("backup", "shop")).isZero();
        for (String step : steps) {
            Console.killAt(console.start("verify", "shop"), step);
            assertThat(scratchServers()).isEqualTo(1);
        }
        assertThat(proven()).isFalse();

        assertThat(console.run("verify", "shop")).as(console::err).isZero();
        assertThat(scratchServers()).isZero();
        assertThat(proven()).isTrue();
    }

    private boolean proven() {
        assertThat(console.run("backups", "--json")).isZero();
        return JsonMapper.builder()
                .build()
                .readTree(console.out())
                .path("report")
                .path("backups")
                .get(0)
                .path("provenAt")
                .isString();
    }

    private long scratchServers() throws IOException {
        try (Stream<java.nio.file.Path> places = Files.list(scene.directory.resolve("s/sandbox"))) {
            return places.filter(Files::isDirectory).count();
        }
    }

    private String marks() {
        return scene.ask(Scene.COPY, "select count(*)::text from pg_namespace where nspname = 'pgcharter_incomplete'");
    }

    private List<String> asides() {
        String names = scene.ask(
                Scene.SHOP,
                "select coalesce(string_agg(datname, ','), '') from pg_database where datname like 'pgcharter_incomplete%'");
        return names.isEmpty() ? List.of() : List.of(names.split(",", -1));
    }

    private void whole() {
        assertThat(marks()).isEqualTo("0");
        assertThat(scene.ask(Scene.COPY, "select count(*)::text from payments")).isEqualTo("100000");
        assertThat(scene.ask(Scene.COPY, "select count(*)::text from totals")).isEqualTo("20000");
        assertThat(scene.ask(Scene.COPY, "select count(*)::text from pg_largeobject_metadata"))
                .isEqualTo("1");
    }
}
