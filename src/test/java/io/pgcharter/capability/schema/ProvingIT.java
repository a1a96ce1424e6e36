package io.pgcharter.capability.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.operation.QuietRun;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.ObjectName;
import io.pgcharter.model.schema.ProvenScript;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scripts between schemas of real servers: proven, carried out, and compared again by a reader of its own.
@Timeout(300)
class ProvingIT {
    /// Passwords do not travel, and a script is not written that would show one.
    private static final String WITHOUT_SECRETS = """
            drop user mapping for public server elsewhere; alter server elsewhere options (drop password);
            """;

    static String resource(String name) {
        try (InputStream stream = ProvingIT.class.getResourceAsStream("/io/pgcharter/schema/" + name)) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static PostgresUrl made(int major, String sql) {
        PostgresUrl url = TestServers.fresh(major);
        try (Session session = Session.open(url, "test")) {
            session.execute(sql);
        }
        return url;
    }

    /// Proves, carries out, and compares. @return what was done
    static ProvenScript carried(int major, PostgresUrl from, PostgresUrl to) {
        Side source = Side.read("source", from);
        Side target = Side.read("target", to);
        ProvenScript script = proven(major, source, target);
        pushed(script, source, target);
        Catalog reached = Side.read("reached", to).catalog();
        assertThat(Difference.between(Side.carried(reached), Side.carried(source.catalog()))
                        .changes())
                .isEmpty();
        return script;
    }

    private static ProvenScript proven(int major, Side source, Side target) {
        return new Proving(TestServers.server(major), source, target, new QuietRun()).prove();
    }

    private static String pushed(ProvenScript script, Side source, Side target) {
        return new Push(target, Side.carried(source.catalog()), new QuietRun()).carryOut(script);
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void most_kinds_of_objects_are_brought_there_and_back(int major) {
        String earlier = resource("every-kind.sql") + WITHOUT_SECRETS;
        PostgresUrl first = made(major, earlier);
        PostgresUrl second = made(major, earlier + resource("later.sql"));
        Difference difference = Difference.between(
                Side.read("first", first).catalog(), Side.read("second", second).catalog());
        assertThat(difference.changes().stream()
                        .map(change -> change.name().kind())
                        .collect(Collectors.toSet()))
                .hasSizeGreaterThanOrEqualTo(20);

        ProvenScript there = carried(major, second, made(major, earlier));
        ProvenScript back = carried(major, first, second);

        assertThat(there.losses()).contains("table app.scratch is dropped");
        assertThat(back.losses()).contains("table \"Odd \"\"schema\".other is dropped");
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 17})
    void a_whole_schema_is_made_from_nothing_and_taken_away_again(int major) {
        PostgresUrl full = made(major, resource("every-kind.sql") + WITHOUT_SECRETS);
        PostgresUrl empty = TestServers.fresh(major);

        assertThat(carried(major, full, empty).losses()).isEmpty();
        ProvenScript away = carried(major, TestServers.fresh(major), full);

        assertThat(away.losses()).contains("table app.customers is dropped", "sequence app.counter is dropped");
    }

    @Test
    void what_would_be_lost_is_seen_whatever_the_script_does() {
        PostgresUrl target = made(
                15,
                "create table kept (a int, gone text, b bigint, c varchar(9)); create table dropped (a int);"
                        + " create sequence counts; create table split (a int) ");
        PostgresUrl source = made(
                15, "create table kept (a int, b int, c varchar(9)); create table split (a int) partition by list (a)");

        ProvenScript script = carried(15, source, target);

        assertThat(script.losses())
                .containsExactlyInAnyOrder(
                        "column public.kept.b is converted from bigint to integer",
                        "column public.kept.gone is dropped",
                        "sequence public.counts is dropped",
                        "table public.dropped is dropped",
                        "table public.split is dropped");
    }

    /// Above all what PostgreSQL's own regression tests make: see [RegressionObjectsIT].
    @ParameterizedTest
    @ValueSource(ints = {14, 15, 18})
    void what_few_people_make_is_brought_there_and_back(int major) {
        PostgresUrl first = made(major, resource("rare.sql"));
        PostgresUrl second = made(major, resource("rare.sql") + resource("rare-later.sql"));

        carried(major, second, made(major, resource("rare.sql")));
        carried(major, first, second);
    }

    @Test
    void what_no_script_can_do_is_named_and_nothing_is_offered() {
        PostgresUrl source =
                made(15, "create type mood as enum ('a', 'b'); create table t (a int, m mood default 'b')");
        PostgresUrl target = made(15, "create type mood as enum ('a'); create table t (a int, m mood)");
        Side before = Side.read("target", target);

        assertThatThrownBy(() -> carried(15, source, target))
                .hasMessageContaining("SCHEMA_UNPROVEN")
                .hasMessageContaining("column public.t.m (default)")
                .hasMessageContaining("unsafe use of new value");

        assertThat(Side.read("target", target).catalog().fingerprint())
                .isEqualTo(before.catalog().fingerprint());
    }

    @Test
    void a_script_that_would_show_a_password_is_not_written() {
        PostgresUrl source = made(15, resource("every-kind.sql"));

        assertThatThrownBy(() -> carried(15, source, TestServers.fresh(15)))
                .hasMessageContaining("has a secret among its options")
                .hasMessageNotContaining("hidden");
    }

    @Test
    void a_target_that_changed_after_the_proof_is_left_as_it_is() {
        PostgresUrl target = made(15, "create table t (a int)");
        Side source = Side.read("source", made(15, "create table t (a int, b int)"));
        Side proven = Side.read("target", target);
        ProvenScript script = proven(15, source, proven);
        try (Session session = Session.open(target, "test")) {
            session.execute("create table meanwhile (a int)");
        }

        assertThatThrownBy(() -> pushed(script, source, proven)).hasMessageContaining("nothing was changed");

        assertThat(Side.read("target", target).catalog().objects().keySet())
                .extracting(ObjectName::text)
                .contains("public.meanwhile")
                .doesNotContain("public.t.b");
    }

    @Test
    void a_locked_table_ends_the_push_and_nothing_of_it_stays() {
        PostgresUrl target = made(15, "create table a (a int); create table z (a int)");
        Side source = Side.read("source", made(15, "create table a (a int, b int); create table z (a int, b int)"));
        Side before = Side.read("target", target);
        ProvenScript script = proven(15, source, before);
        try (Session holder = Session.open(target, "test")) {
            holder.execute("begin; select from z");

            assertThatThrownBy(() -> pushed(script, source, before)).hasMessageContaining("lock timeout");
        }
        assertThat(Side.read("target", target).catalog().fingerprint())
                .isEqualTo(before.catalog().fingerprint());
    }
}
