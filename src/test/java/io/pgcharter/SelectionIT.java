package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.sandbox.TestServers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Some tables of a backup, each with what it cannot do without.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SelectionIT {
    private static final String SHOP = """
            create schema "Other ""one"".x";
            create table users (id int generated always as identity (start 10) primary key, name text);
            insert into users (name) select 'u' || i from generate_series(1, 5) i;
            create table orders (id serial primary key, user_id int references users, note text);
            insert into orders (user_id, note) select 10 + i % 5, 'n' from generate_series(1, 20) i;
            create index on orders (user_id);
            create statistics order_statistics (ndistinct) on user_id, note from orders;
            create table lines (order_id int references orders, what text);
            insert into lines select 1 + i % 20, 'w' from generate_series(1, 40) i;
            create function order_note(orders) returns text language sql as 'select $1.note';
            create aggregate all_notes(orders) (sfunc = array_append, stype = orders[]);
            create table events (at date, what text, primary key (at, what)) partition by range (at);
            create table events_1 partition of events for values from ('2020-01-01') to ('2021-01-01') partition by list (what);
            create table events_1_a partition of events_1 for values in ('a');
            create table events_2 partition of events default;
            insert into events values ('2020-05-05', 'a'), ('2022-01-01', 'b'), ('2023-01-01', 'c');
            create table parent (id int primary key, name text);
            create table child (extra int) inherits (parent);
            insert into parent values (1, 'p'); insert into child values (2, 'c', 3);
            create table "Other ""one"".x"."Ta.ble" (id bigserial primary key, "select" int);
            insert into "Other ""one"".x"."Ta.ble" ("select") values (1), (2);
            create materialized view totals as select user_id, count(*) from orders group by 1;
            create view named as select * from users;
            create type colour as enum ('red', 'green', 'blue', 'black');
            create table painted (colour colour, n int) partition by hash (colour);
            create table painted_0 partition of painted for values with (modulus 2, remainder 0);
            create table painted_1 partition of painted for values with (modulus 2, remainder 1);
            insert into painted select c, n from unnest(enum_range(null::colour)) c, generate_series(1, 10) n;
            """;

    private final Scene scene = Scene.on(15);
    private final AtomicInteger databases = new AtomicInteger();
    private Optional<Report.Backup> backup = Optional.empty();

    @BeforeAll
    void back_up_a_shop() {
        scene.execute(Scene.SHOP, SHOP);
        backup = Optional.of(scene.backup());
    }

    @AfterAll
    void close() {
        scene.close();
    }

    private Operation.Restore restore(String newDatabase, String... selection) {
        return new Operation.Restore(
                backup.orElseThrow().backup(),
                Scene.VAULT,
                Scene.SHOP,
                Scene.COPY,
                Arrays.asList(selection),
                Optional.of(newDatabase));
    }

    private PostgresUrl restored(String... selection) {
        PostgresUrl url = scene.url(Scene.COPY)
                .withDatabase(scene.url(Scene.COPY).database() + "_" + databases.incrementAndGet());
        scene.done(restore(url.database(), selection));
        return url;
    }

    private static List<String> relations(PostgresUrl url, String kinds) {
        return Facts.psql(url, """
                SELECT relname FROM pg_class WHERE relkind = ANY (%s) AND relnamespace::regnamespace::text !~ '^(pg_|information_)'
                ORDER BY 1""".formatted(Quoting.literal("{" + kinds + "}")));
    }

    @Test
    void a_table_comes_with_its_sequence_and_without_keys_to_others() {
        PostgresUrl url = restored("public.orders");

        assertThat(relations(url, "r,p,m,v")).containsExactly("orders");
        assertThat(Facts.psql(url, "SELECT count(*) FROM public.orders")).containsExactly("20");
        assertThat(Facts.psql(url, "SELECT contype FROM pg_constraint WHERE conrelid = 'public.orders'::regclass"))
                .containsExactly("p");
        assertThat(Facts.psql(url, "SELECT count(*) FROM pg_index WHERE indrelid = 'public.orders'::regclass"))
                .containsExactly("2");
        assertThat(Facts.psql(url, "SELECT stxname FROM pg_statistic_ext")).containsExactly("order_statistics");
        assertThat(Facts.psql(url, "SELECT pg_get_serial_sequence('public.orders', 'id')"))
                .containsExactly("public.orders_id_seq");
        assertThat(Facts.psql(url, "INSERT INTO public.orders DEFAULT VALUES RETURNING id"))
                .containsExactly("21");
        assertThat(Facts.psql(url, "SELECT public.order_note(o) FROM public.orders o WHERE id = 1"))
                .containsExactly("n");
    }

    @Test
    void keys_between_chosen_tables_come_along_and_are_enforced() {
        PostgresUrl url = restored("public.orders", "public.lines", "public.users");

        assertThat(relations(url, "r,p,m,v")).containsExactly("lines", "orders", "users");
        assertThat(
                        Facts.psql(
                                url,
                                "SELECT conrelid::regclass, confrelid::regclass FROM pg_constraint WHERE contype = 'f' ORDER BY 1"))
                .containsExactlyInAnyOrder("public.orders|public.users", "public.lines|public.orders");
        assertThat(Facts.psql(url, "INSERT INTO public.users (name) VALUES ('next') RETURNING id"))
                .containsExactly("15");
    }

    @Test
    void what_needs_a_table_that_was_not_chosen_is_left_out_and_said() {
        String name = scene.url(Scene.COPY).database() + "_said";

        Report.Restore report = (Report.Restore) scene.done(restore(name, "public.users"));

        // The function and the aggregate over orders.
        assertThat(report.notes()).contains("2 definitions that need what was not chosen were left out");
        assertThat(report.rowCount()).isEqualTo(5);
    }

    @Test
    void a_partitioned_table_comes_with_its_partitions() {
        PostgresUrl url = restored("public.events");

        assertThat(relations(url, "r,p")).containsExactly("events", "events_1", "events_1_a", "events_2");
        assertThat(Facts.psql(url, "SELECT at, what FROM public.events ORDER BY 1"))
                .containsExactly("2020-05-05|a", "2022-01-01|b", "2023-01-01|c");
        assertThat(Facts.psql(url, "SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                .containsExactly("0");
    }

    @Test
    void a_partition_alone_becomes_a_table() {
        PostgresUrl url = restored("public.events_2", "public.painted_0");

        assertThat(relations(url, "r,p")).containsExactly("events_2", "painted_0");
        assertThat(Facts.psql(url, "SELECT count(*) FROM public.events_2")).containsExactly("2");
        assertThat(Facts.psql(url, "SELECT count(*) FROM public.painted_0"))
                .isEqualTo(Facts.psql(scene.url(Scene.SHOP), "SELECT count(*) FROM public.painted_0"));
    }

    @Test
    void partitions_by_the_hash_of_an_enum_are_loaded_through_the_root() {
        PostgresUrl url = restored("public.painted");

        assertThat(Facts.psql(
                        url,
                        "SELECT c, (SELECT count(*) FROM public.painted WHERE colour = c)"
                                + " FROM unnest(enum_range(NULL::public.colour)) c"))
                .containsExactly("red|10", "green|10", "blue|10", "black|10");
    }

    @Test
    void a_child_comes_with_its_parents() {
        PostgresUrl url = restored("public.child");

        assertThat(relations(url, "r")).containsExactly("child", "parent");
        assertThat(Facts.psql(url, "SELECT id FROM public.parent ORDER BY 1")).containsExactly("1", "2");
    }

    @Test
    void a_schema_is_chosen_by_its_name_as_it_is() {
        PostgresUrl url = restored("Other \"one\".x");

        assertThat(relations(url, "r")).containsExactly("Ta.ble");
        assertThat(Facts.psql(url, "INSERT INTO \"Other \"\"one\"\".x\".\"Ta.ble\" DEFAULT VALUES RETURNING id"))
                .containsExactly("3");
        assertThat(
                        Facts.psql(
                                url,
                                "SELECT count(*) FROM pg_depend WHERE deptype = 'a' AND classid = 'pg_class'::regclass"
                                        + " AND objid = '\"Other \"\"one\"\".x\".\"Ta.ble_id_seq\"'::regclass AND refobjsubid = 1"))
                .containsExactly("1");
    }

    @Test
    void a_whole_schema_comes_with_partitioned_tables_but_without_views() {
        PostgresUrl url = restored("public");

        assertThat(relations(url, "r,p,m,v"))
                .containsExactly(
                        "child",
                        "events",
                        "events_1",
                        "events_1_a",
                        "events_2",
                        "lines",
                        "orders",
                        "painted",
                        "painted_0",
                        "painted_1",
                        "parent",
                        "users");
        assertThat(Facts.rows(url).stream().filter(SelectionIT::isNoPainting))
                .containsExactlyElementsOf(Facts.rows(scene.url(Scene.SHOP)).stream()
                        .filter(line -> line.startsWith("public.") && !line.startsWith("public.totals"))
                        .filter(SelectionIT::isNoPainting)
                        .toList());
    }

    /// Which partition such a row is in depends on oids.
    private static boolean isNoPainting(String line) {
        return !line.startsWith("public.painted_");
    }

    @Test
    void what_the_backup_does_not_hold_is_said() {
        Problem problem = scene.failed(restore("never_made", "public.order"));

        assertThat(problem.code()).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(problem.fact()).isEqualTo("the backup holds no table or schema 'public.order'");
        assertThat(Facts.psql(TestServers.server(15), "SELECT datname FROM pg_database WHERE datname = 'never_made'"))
                .isEmpty();
    }
}
