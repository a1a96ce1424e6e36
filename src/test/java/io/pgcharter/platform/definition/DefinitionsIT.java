package io.pgcharter.platform.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.operation.QuietRun;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.SqlScript;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Schemas written down, made anew, and compared.
@Timeout(120)
class DefinitionsIT {
    static String resource(String name) {
        try (InputStream stream = DefinitionsIT.class.getResourceAsStream("/io/pgcharter/schema/" + name)) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Definitions read(Session session, String sql) {
        session.execute(sql);
        session.execute("begin isolation level repeatable read, read only");
        return Definitions.read(session);
    }

    @Test
    void what_only_the_newest_server_has_comes_out_as_it_was() {
        try (Session session = Session.open(TestServers.fresh(18), "test")) {
            Definitions definitions = read(session, """
                    create table t (a int constraint "must be" not null, b int generated always as (a + 1) virtual, c int,
                      d int not null no inherit);
                    alter table t add constraint filled not null c not valid;
                    alter table t add constraint loose check (a > 0) not enforced;
                    create table heir (e int, constraint own not null a) inherits (t);
                    create table rooms (id int4range, during daterange, primary key (id, during without overlaps));
                    create table guests (id int4range, during daterange,
                      foreign key (id, period during) references rooms (id, period during));
                    create domain filled as int constraint "of course" not null;
                    create schema s; create table s.u (a int generated always as identity, at date not null)
                      partition by range (at);
                    create table s.u_1 partition of s.u for values from (minvalue) to (maxvalue);
                    alter table s.u add unique nulls not distinct (a, at);
                    create unlogged sequence quick;
                    create view asking with (security_invoker = true) as select a from t;
                    create collation plain (provider = builtin, locale = 'C.UTF-8');
                    create publication p for tables in schema s with (publish_generated_columns = stored);
                    create publication q for table t (a, c) where (a > 5);
                    alter default privileges grant select on large objects to pg_monitor""");

            assertThat(definitions.proven(TestServers.fresh(18), new QuietRun()).notes())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void the_two_texts_alone_make_it_anew(int major) {
        PostgresUrl third = TestServers.fresh(major);
        try (Session session = Session.open(TestServers.fresh(major), "test");
                Session restored = Session.open(third, "test")) {
            Definitions definitions = read(session, resource("every-kind.sql") + resource("tangled.sql"));

            Definitions.Script script = definitions.proven(TestServers.fresh(major), new QuietRun());

            assertThat(script.notes()).singleElement().asString().contains("'app.unfinished'");
            assertThat(script.preData()).doesNotContain("CREATE INDEX", "FOREIGN KEY", "CREATE TRIGGER");
            SqlScript.statements(script.preData() + script.postData())
                    .forEach(statement -> restored.execute(statement.text()));
            session.execute("rollback; drop index app.unfinished");
            assertThat(Difference.between(CatalogReader.read(session), CatalogReader.read(restored))
                            .changes())
                    .isEmpty();
        }
    }

    @Test
    void what_cannot_be_made_in_any_order_is_refused_by_name() {
        try (Session session = Session.open(TestServers.fresh(16), "test")) {
            Definitions definitions = read(session, """
                    create table round (a int);
                    create function of_round(round) returns int language sql immutable as 'select $1.a';
                    alter table round add b int generated always as (of_round(null)) stored""");

            assertThatThrownBy(() -> definitions.proven(TestServers.fresh(16), new QuietRun()))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.problem().code()).isEqualTo(ProblemCode.SCHEMA_UNPROVEN);
                        assertThat(e.problem().fact()).startsWith("TABLE public.round cannot be made anew");
                    });
        }
    }

    @Test
    void an_heir_whose_columns_change_places_is_noted() {
        try (Session session = Session.open(TestServers.fresh(15), "test")) {
            Definitions definitions = read(
                    session,
                    "create table parent (a int); create table \"He ir\" (b int) inherits (parent);"
                            + "alter table parent add c int");

            assertThat(definitions.proven(TestServers.fresh(15), new QuietRun()).notes())
                    .singleElement()
                    .asString()
                    .isEqualTo("columns in another order, as inheritance gives them: 'public.\"He ir\"'");
        }
    }

    @Test
    void many_views_in_rings_do_not_take_long() {
        try (Session session = Session.open(TestServers.fresh(15), "test")) {
            Definitions definitions = read(session, """
                    do $$ begin for i in 1..150 loop
                      execute format('create view %I as select 1 as a', 'v' || i);
                      execute format('create function %I() returns int language sql stable begin atomic
                        select a from %I; end', 'f' || i, 'v' || i);
                      execute format('create or replace view %I as select %I() as a', 'v' || i, 'f' || i);
                    end loop; end $$""");

            Instant before = InstantSource.system().instant();
            definitions.proven(TestServers.fresh(15), new QuietRun());

            assertThat(Duration.between(before, InstantSource.system().instant()))
                    .isLessThan(Duration.ofSeconds(20));
        }
    }

    /// As of the catalog, and as of the definitions alone.
    @ParameterizedTest
    @ValueSource(strings = {"create extension pgcrypto", "grant execute on function pg_ls_dir(text) to pg_monitor"})
    void what_comes_out_differently_is_refused(String before) {
        PostgresUrl scratch = TestServers.fresh(17);
        try (Session session = Session.open(TestServers.fresh(17), "test");
                Session other = Session.open(scratch, "test")) {
            Definitions definitions = read(session, "create table t (a int)");
            other.execute(before);

            assertThatThrownBy(() -> definitions.proven(scratch, new QuietRun()))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.problem().code()).isEqualTo(ProblemCode.SCHEMA_UNPROVEN);
                        assertThat(e.problem().fact()).contains("does not come out");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create or replace function f() returns int language sql as 'select 2'",
                "create or replace view v as select 2 as a",
                "alter table t add b int",
                "create table u (a int)",
                "drop view v",
                "comment on table t is 'now'"
            })
    void a_change_after_the_snapshot_is_noticed(String change) {
        PostgresUrl url = TestServers.fresh(15);
        try (Session session = Session.open(url, "test");
                Session other = Session.open(url, "test")) {
            session.execute("create function f() returns int language sql as 'select 1';"
                    + "create view v as select 1 as a; create table t (a int)");
            session.execute("begin isolation level repeatable read, read only");
            session.query("select 1");
            other.execute("create temporary table mine (a serial primary key); insert into t values (1)");
            Definitions.read(session).requireUnchanged(other);

            other.execute(change);

            assertThatThrownBy(() -> Definitions.read(session).requireUnchanged(other))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.TABLE_CHANGED));
        }
    }
}
