package io.pgcharter.platform.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The catalog of real databases of all majors: the same wherever it was made, and changed by whatever changes.
@Timeout(180)
class CatalogReaderIT {
    private static String everyKind = "";

    /// Each line changes one object in one attribute: `statement -> kind name: attribute`.
    private static final String CHANGES = """
            alter function app.stamp() owner to pg_monitor -> function app.stamp(): owner
            comment on schema app is 'new' -> schema app: comment
            revoke usage on schema app from pg_monitor -> schema app: grants
            alter type app.mood add value 'good' before 'ok' -> type app.mood: labels
            alter type app.point3 add attribute w int -> type app.point3: attributes
            alter domain app.email drop default -> domain app.email: default
            alter domain app.email drop not null -> domain app.email: not null
            alter sequence app.counter no cycle -> sequence app.counter: cycle
            alter sequence app.counter owned by none -> sequence app.counter: owned by
            alter sequence app.counter increment 7 -> sequence app.counter: increment
            alter table app.customers set (fillfactor = 90) -> table app.customers: options
            alter table app.customers set (toast.autovacuum_enabled = true) -> table app.customers: toast options
            alter table app.customers no force row level security -> table app.customers: row security forced
            alter table app.customers disable row level security -> table app.customers: row security
            alter table app.customers replica identity full -> table app.customers: replica identity
            alter table app.parent set unlogged -> table app.parent: unlogged
            revoke insert on app.customers from public -> table app.customers: grants
            alter foreign table app.remote options (set table_name 's') -> table app.remote: foreign options
            alter table app.child alter c type bigint -> column app.child.c: type
            alter table app.customers alter mood drop default -> column app.customers.mood: default
            alter table app.customers alter name drop not null -> column app.customers.name: not null
            alter table app.customers alter note set storage main -> column app.customers.note: storage
            alter table app.customers alter note set compression default -> column app.customers.note: compression
            alter table app.customers alter name set statistics 7 -> column app.customers.name: statistics
            alter table app.customers alter name set (n_distinct = 5) -> column app.customers.name: options
            alter table app.customers alter id set generated always -> column app.customers.id: identity
            alter table app.customers alter id set cache 9 -> column app.customers.id: identity sequence
            alter table app.customers alter doubled drop expression -> column app.customers.doubled: generated
            revoke grant option for update (note) on app.customers from pg_monitor -> column app.customers.note: grants
            comment on column app.customers.note is null -> column app.customers.note: comment
            alter view app.rich alter name drop default -> column app.rich.name: default
            alter table app.customers validate constraint adult -> constraint app.customers.adult: definition
            alter table app.customers cluster on customers_pkey -> constraint app.customers.customers_pkey: clustered
            alter index app.lowered set (fillfactor = 60) -> index app.lowered: definition
            alter index app.lowered alter column 1 set statistics 99 -> index app.lowered: statistics
            alter statistics app.together set statistics 5 -> statistics app.together: target
            alter view app.rich reset (security_barrier) -> view app.rich: options
            create or replace view app.richest as select * from app.rich order by balance limit 3 -> view app.richest: definition
            alter materialized view app.totals set (fillfactor = 50) -> materialized view app.totals: options
            alter function app.twice(int, int) volatile -> function app.twice(integer, integer): definition
            grant execute on function app.twice(text) to public -> function app.twice(text): grants
            alter procedure app.tidy security definer -> procedure app.tidy(integer): definition
            alter aggregate app.add_all(numeric) owner to pg_monitor -> aggregate app.add_all(numeric): owner
            comment on operator app.=== (app.mood, text) is 'c' -> operator app.=== (app.mood, text): comment
            alter table app.customers enable trigger off -> trigger app.customers.off: enabled
            alter table app."Cache" disable rule quiet -> rule app."Cache".quiet: enabled
            alter policy own on app.customers using (true) -> policy app.customers.own: using
            alter policy own on app.customers to pg_monitor -> policy app.customers.own: roles
            alter event trigger ddl_watch disable -> event trigger ddl_watch: enabled
            alter server elsewhere options (set host 'g') -> foreign server elsewhere: options
            alter publication feed set (publish = 'insert') -> publication feed: publishes
            alter default privileges in schema app grant insert on tables to pg_monitor -> default privileges postgres: tables in app: grants
            alter text search configuration app.plain drop mapping for asciiword -> text search configuration app.plain: mappings
            alter text search dictionary app.words (accept = true) -> text search dictionary app.words: options
            """;

    /// What few people make.
    private static final String RARE = """
            create table t (id int generated always as identity, note text);
            create type pair as (a int, b text);
            create function less(pair, pair) returns boolean language sql immutable as 'select $1.a < $2.a';
            create function compare(pair, pair) returns int language sql immutable as 'select $1.a - $2.a';
            create operator <<< (leftarg = pair, rightarg = pair, function = less);
            create operator family pairs using btree;
            create operator class by_a for type pair using btree family pairs as function 1 compare(pair, pair);
            create function into_sql(internal) returns internal language internal immutable as 'prsd_lextype';
            create function out_of_sql(internal) returns int language internal immutable as 'int4recv';
            create transform for int language sql (from sql with function into_sql(internal));
            create conversion latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
            create text search template simply (lexize = dsimple_lexize);
            create text search parser plainly (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
              lextypes = prsd_lextype);
            create access method ours type table handler heap_tableam_handler;
            create trusted language mine handler plpgsql_call_handler;
            create aggregate total(int) (sfunc = int4pl, stype = int);
            """;

    /// As [#CHANGES].
    private static final String RARE_CHANGES = """
            grant usage on sequence t_id_seq to pg_monitor -> column public.t.id: identity grants
            comment on column pair.b is 'text' -> type public.pair: attribute comments
            alter operator family pairs using btree add operator 1 <<< (pair, pair) -> other operator family public.pairs USING btree: operators
            alter operator family pairs using btree add function 4 (pair, pair) btequalimage(oid) -> other operator family public.pairs USING btree: functions
            alter operator class by_a using btree owner to pg_monitor -> other operator class public.by_a USING btree: owner
            comment on operator family pairs using btree is 'pairs' -> other operator family public.pairs USING btree: comment
            create or replace transform for int language sql (from sql with function into_sql(internal), to sql with function out_of_sql(internal)) -> other transform for integer language sql: to SQL
            comment on conversion latin is 'c' -> other conversion public.latin: comment
            drop conversion latin; create conversion latin for 'LATIN2' to 'UTF8' from iso8859_to_utf8 -> other conversion public.latin: comment, encodings, function
            drop text search template simply; create text search template simply (init = dsimple_init, lexize = dsimple_lexize) -> other text search template public.simply: init
            drop text search parser plainly; create text search parser plainly (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype, headline = prsd_headline) -> other text search parser public.plainly: headline
            comment on access method ours is 'a' -> other access method ours: comment
            create or replace trusted language mine handler plpgsql_call_handler inline plpgsql_inline_handler -> language mine: inline
            drop aggregate total(int); create aggregate total(int) (sfunc = int4pl, stype = int, msfunc = int4pl, minvfunc = int4mi, mstype = int) -> aggregate public.total(integer): moving final modifies, moving inverse, moving state, moving transition
            insert into pg_seclabel select 't'::regclass, 'pg_class'::regclass, 2, 'guard', 'secret' -> security label guard: column public.t.note: label
            update pg_seclabel set label = 'open' -> security label guard: column public.t.note: label
            """;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream stream = CatalogReaderIT.class.getResourceAsStream("/io/pgcharter/schema/every-kind.sql")) {
            everyKind = new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void every_kind_is_read_the_same_wherever_and_whenever_it_was_made(int major) {
        PostgresUrl first = TestServers.fresh(major);
        PostgresUrl second = TestServers.fresh(major);
        try (Session one = Session.open(first, "test");
                Session other = Session.open(second, "test")) {
            one.execute(everyKind);
            // Other object ids, and other settings of whoever reads.
            other.execute("create table passing (a serial); drop table passing");
            other.execute(everyKind);
            other.execute("set search_path = app; set TimeZone = 'Asia/Tokyo'; set DateStyle = 'German';"
                    + " set quote_all_identifiers = on");

            Catalog here = CatalogReader.read(one);
            Catalog there = CatalogReader.read(other);

            assertThat(Difference.between(here, there).changes()).isEmpty();
            assertThat(here.fingerprint()).isEqualTo(there.fingerprint());
            Set<ObjectKind> met = here.objects().keySet().stream()
                    .map(name -> name.kind())
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(ObjectKind.class)));
            assertThat(EnumSet.complementOf(EnumSet.copyOf(met)))
                    .containsExactlyInAnyOrder(
                            ObjectKind.LANGUAGE,
                            ObjectKind.PUBLICATION_SCHEMA,
                            ObjectKind.SECURITY_LABEL,
                            ObjectKind.OTHER);
            assertThat(here.objects().keySet()).noneMatch(name -> name.text().contains("pgp_sym"));
            assertThat(here.objects().toString()).doesNotContain("hidden");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void whatever_changes_one_attribute_is_that_one_difference(int major) {
        assertEachIsOneDifference(major, everyKind, CHANGES);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void so_is_whatever_changes_in_what_few_people_make(int major) {
        assertEachIsOneDifference(major, RARE, RARE_CHANGES);
    }

    private static void assertEachIsOneDifference(int major, String sql, String changes) {
        try (Session session = Session.open(TestServers.fresh(major), "test")) {
            session.execute(sql);
            Catalog before = CatalogReader.read(session);
            SoftAssertions all = new SoftAssertions();
            for (String line : changes.lines().toList()) {
                String[] parts = line.split(" -> ", 2);
                // DDL is transactional, but our reader wants its own transaction: so change, read, and change on.
                session.execute(parts[0]);

                Catalog after = CatalogReader.read(session);

                all.assertThat(Difference.between(before, after).changes().stream()
                                .map(change -> change.name() + ": "
                                        + change.attributes().stream()
                                                .map(Difference.Attribute::name)
                                                .collect(Collectors.joining(", "))))
                        .as(parts[0])
                        .containsExactly(parts[1]);
                all.assertThat(after.fingerprint()).as(parts[0]).isNotEqualTo(before.fingerprint());
                before = after;
            }
            all.assertAll();
        }
    }

    @Test
    void what_only_newer_servers_have_is_read_there() {
        try (Session session = Session.open(TestServers.fresh(18), "test")) {
            session.execute("create table t (a int, b int generated always as (a + 1) virtual, c int);"
                    + "alter table t add constraint filled not null c not valid;"
                    + "alter table t add constraint loose check (a > 0) not enforced;"
                    + "create schema s; create table s.u (a int);"
                    + "create publication p for tables in schema s;"
                    + "create publication q for table t (a) where (a > 5)");

            String facts = CatalogReader.read(session).objects().toString();

            assertThat(facts)
                    .contains("generated=virtual (a + 1)")
                    .contains("not null=not valid, constraint filled")
                    .contains("NOT ENFORCED")
                    .contains("publication schema p: s={}")
                    .contains("publication table q: public.t={columns=a, where=(a > 5)}");
        }
    }

    @Test
    void a_locked_table_ends_the_reading_and_leaves_the_session_usable() {
        PostgresUrl url = TestServers.fresh(15);
        try (Session holder = Session.open(url, "test");
                Session reader = Session.open(url, "test")) {
            holder.execute("create table t (a int); create view v as select a from t");
            holder.execute("begin; lock table v in access exclusive mode");

            assertThatThrownBy(() -> CatalogReader.read(reader)).isInstanceOf(ProblemException.class);

            holder.execute("rollback");
            assertThat(CatalogReader.read(reader).objects()).isNotEmpty();
        }
    }

    @Test
    void a_role_without_privileges_reads_the_same() {
        PostgresUrl url = TestServers.fresh(16);
        try (Session session = Session.open(url, "test")) {
            session.execute(everyKind);
            Catalog whole = CatalogReader.read(session);
            session.execute(
                    "drop role if exists catalog_nobody; create role catalog_nobody;" + " set role catalog_nobody");

            Catalog seen = CatalogReader.read(session);

            session.execute("reset role; drop role catalog_nobody");
            assertThat(Difference.between(whole, seen).changes())
                    .extracting(change -> change.name().kind())
                    .allMatch(kind -> Arrays.asList(ObjectKind.USER_MAPPING).contains(kind));
        }
    }
}
