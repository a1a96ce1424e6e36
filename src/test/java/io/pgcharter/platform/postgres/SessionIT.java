package io.pgcharter.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionIT {
    private static ProblemException failure(Runnable work) {
        ProblemException failure = catchThrowableOfType(ProblemException.class, work::run);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static void assertUsable(Session session) {
        assertThat(session.query("select 1").getFirst().number(0)).isEqualTo(1);
    }

    /// What this thread has allocated so far.
    private static long allocatedBytes() throws JMException {
        return (Long) ManagementFactory.getPlatformMBeanServer()
                .getAttribute(new ObjectName("java.lang:type=Threading"), "CurrentThreadAllocatedBytes");
    }

    private static byte[] copied(Session session, String sql) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        session.copyOut(sql, out::write);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void queries_answer_with_text_numbers_booleans_and_null(int major) {
        try (Session session = Session.open(TestServers.fresh(major), "session test")) {
            assertThat(session.serverMajor()).isEqualTo(major);
            assertThat(session.parameter("client_encoding")).isEqualTo("UTF8");
            assertThat(session.encrypted()).isFalse();
            var row = session.query(
                            "select $1::text, $2::int8 * 2, $3::bool, null, '', current_setting('application_name')",
                            "tab\t newline\n quote' backslash\\ 😀",
                            "" + Long.MAX_VALUE / 2,
                            "true")
                    .getFirst();
            assertThat(row.string(0)).isEqualTo("tab\t newline\n quote' backslash\\ 😀");
            assertThat(row.number(1)).isEqualTo(Long.MAX_VALUE - 1);
            assertThat(row.bool(2)).isTrue();
            assertThat(row.text(3)).isNull();
            assertThat(row.string(4)).isEmpty();
            assertThat(row.string(5)).isEqualTo("pgcharter session test");
            assertThatThrownBy(() -> row.string(3)).isInstanceOf(IllegalStateException.class);
            assertThat(session.query("select $1::text is null", (String) null)
                            .getFirst()
                            .bool(0))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void copy_out_and_in_keeps_every_byte(int major) {
        try (Session session = Session.open(TestServers.fresh(major), "test")) {
            session.execute("""
                    create table source (id int8, note text, raw bytea, price numeric, at timestamptz, tags text[]);
                    insert into source select g,
                        case g % 5 when 0 then null when 1 then '' when 2 then E'tab\\tline\\nback\\\\slash'
                          when 3 then repeat('é😀', g % 900) else 'plain' end,
                        decode(md5(g::text), 'hex'), case when g % 7 = 0 then 'NaN' else g / 3.0 end,
                        case when g % 11 = 0 then 'infinity' else now() end, array['a', null, 'b,' || g]
                      from generate_series(1, 20000) g;
                    create table target (like source);
                    """);
            byte[] before = copied(session, "copy (select * from source order by id) to stdout");
            try (Session.CopyIn copy = session.copyIn("copy target from stdin")) {
                // Uneven pieces, so that frames end inside rows.
                for (int sent = 0, piece = 1; sent < before.length; piece = piece * 3 % 300_007 + 1) {
                    int length = Math.min(piece, before.length - sent);
                    copy.write(before, sent, length);
                    sent += length;
                }
                assertThat(copy.finish()).isEqualTo(20_000);
            }
            byte[] after = copied(session, "copy (select * from target order by id) to stdout");
            // Not isEqualTo: its message would be megabytes.
            assertThat(Arrays.mismatch(before, after))
                    .as("first byte that differs, of %d and %d", before.length, after.length)
                    .isEqualTo(-1);
            List<Integer> ends = new ArrayList<>();
            long count = session.copyOut(
                    "copy target to stdout", (buffer, offset, length) -> ends.add(buffer[offset + length - 1] & 0xff));
            assertThat(count).isEqualTo(20_000);
            assertThat(ends).hasSize(20_000).containsOnly((int) '\n');
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void each_kind_of_failure_has_its_code_and_leaves_the_session_usable(int major) {
        try (Session session = Session.open(TestServers.fresh(major), "test")) {
            session.execute("create table t (id int primary key); insert into t values (1);"
                    + "do 'begin if to_regrole(''nobody_" + "'') is null then create role nobody_; end if; end'");
            ProblemException missing = failure(() -> session.query("select * from nowhere"));
            assertThat(missing.problem().code()).isEqualTo(ProblemCode.STATEMENT_FAILED);
            assertThat(Session.sqlState(missing.problem())).contains("42P01");
            assertThat(missing.problem().cause()).contains("nowhere");
            assertThat(failure(() -> session.execute("set statement_timeout = 20; select pg_sleep(30)"))
                            .problem()
                            .code())
                    .isEqualTo(ProblemCode.TIMED_OUT);
            session.execute("set statement_timeout = 0");
            ProblemException denied = failure(() -> session.execute("set role nobody_; select count(*) from t"));
            assertThat(denied.problem().code()).isEqualTo(ProblemCode.PRIVILEGE_MISSING);
            session.execute("reset role");
            assertThat(failure(() -> session.copyOut("copy nowhere to stdout", (_, _, _) -> {}))
                            .problem()
                            .cause())
                    .endsWith("[42P01]");
            assertThat(failure(() -> session.copyIn("copy nowhere from stdin"))
                            .problem()
                            .cause())
                    .endsWith("[42P01]");
            assertUsable(session);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void cancel_ends_a_running_statement(int major) throws InterruptedException {
        PostgresUrl url = TestServers.fresh(major);
        try (Session session = Session.open(url, "sleeper");
                Session watcher = Session.open(url, "watcher")) {
            Thread canceller = Thread.ofVirtual().start(() -> {
                watcher.limitSilence(Duration.ofSeconds(30));
                String sleeping =
                        "select count(*) from pg_stat_activity where pid = $1::int and wait_event = 'PgSleep'";
                while (watcher.query(sleeping, "" + session.processId())
                                .getFirst()
                                .number(0)
                        == 0) {
                    Thread.onSpinWait();
                }
                session.cancel();
            });
            ProblemException cancelled = failure(() -> session.query("select pg_sleep(60)"));
            canceller.join();
            assertThat(cancelled.problem().code()).isEqualTo(ProblemCode.CANCELLED);
            assertThat(Session.sqlState(cancelled.problem())).contains("57014");
            assertUsable(session);
        }
    }

    @Test
    void an_error_stops_a_copy_in_long_before_its_end() {
        try (Session session = Session.open(TestServers.fresh(15), "test")) {
            session.execute("create table t (id int)");
            byte[] rows = "1\n".repeat(40_000).getBytes(StandardCharsets.US_ASCII);
            long[] sent = {0};
            ProblemException wrong = failure(() -> {
                try (Session.CopyIn copy = session.copyIn("copy t from stdin")) {
                    copy.write("not a number\n".getBytes(StandardCharsets.US_ASCII));
                    for (; sent[0] < 4_000_000_000L; sent[0] += rows.length) {
                        copy.write(rows, 0, rows.length);
                    }
                    copy.finish();
                }
            });
            assertThat(Session.sqlState(wrong.problem())).contains("22P02");
            assertThat(sent[0]).isLessThan(400_000_000L);
            assertThat(session.query("select count(*) from t").getFirst().number(0))
                    .isZero();
        }
    }

    @Test
    void a_copy_in_that_is_not_finished_leaves_nothing() {
        try (Session session = Session.open(TestServers.fresh(15), "test")) {
            session.execute("create table t (id int)");
            try (Session.CopyIn copy = session.copyIn("copy t from stdin")) {
                copy.write("1\n2\n".getBytes(StandardCharsets.US_ASCII));
                copy.flush();
                assertThatThrownBy(() -> session.query("select 1")).isInstanceOf(IllegalStateException.class);
            }
            assertThat(session.query("select count(*) from t").getFirst().number(0))
                    .isZero();
            try (Session.CopyIn copy = session.copyIn("copy t from stdin")) {
                copy.write("3\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(copy.finish()).isEqualTo(1);
            }
            assertUsable(session);
        }
    }

    @Test
    void a_sink_that_throws_ends_the_session_and_its_own_failure_is_seen() {
        try (Session session = Session.open(TestServers.fresh(15), "test")) {
            assertThatThrownBy(
                            () -> session.copyOut("copy (select generate_series(1, 1e7::int)) to stdout", (_, _, _) -> {
                                throw new IllegalArgumentException("full");
                            }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("full");
            assertThatThrownBy(() -> session.query("select 1"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void a_row_over_a_hundred_megabytes_travels_both_ways() {
        int length = 120_000_000;
        try (Session session = Session.open(TestServers.fresh(15), "test")) {
            session.execute("create table wide (content text)");
            byte[] row = new byte[length + 1];
            Arrays.fill(row, (byte) 'x');
            row[length] = '\n';
            try (Session.CopyIn copy = session.copyIn("copy wide from stdin")) {
                copy.write(row);
                copy.write("small\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(copy.finish()).isEqualTo(2);
            }
            List<Integer> lengths = new ArrayList<>();
            session.copyOut("copy wide to stdout", (_, _, size) -> lengths.add(size));
            assertThat(lengths).containsExactly(length + 1, 6);
        }
    }

    @Test
    void notices_are_kept_up_to_a_hundred() {
        try (Session session = Session.open(TestServers.fresh(15), "test")) {
            session.execute("do 'begin for n in 1..250 loop raise notice ''number %'', n; end loop; end'");
            List<String> notices = session.notices();
            assertThat(notices).hasSize(100);
            assertThat(notices.getLast()).startsWith("NOTICE: number 250");
            assertThat(session.notices()).isEmpty();
        }
    }

    @Test
    void a_copy_in_the_wrong_place_is_a_bug_and_does_not_hang() {
        try (Session session = Session.open(TestServers.fresh(15), "test")) {
            session.execute("create table t (id int)");
            assertThatThrownBy(() -> session.copyOut("select 1", (_, _, _) -> {}))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> session.copyIn("select 1")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> session.execute("copy t to stdout")).isInstanceOf(IllegalStateException.class);
            failure(() -> session.execute("copy t from stdin"));
            assertUsable(session);
        }
    }

    @Test
    void passwords_in_statements_are_not_shown() {
        try (Session session = Session.open(TestServers.fresh(15), "test")) {
            ProblemException failed = failure(() -> session.execute("alter role nowhere password 'canary-7'"));
            assertThat(failed.getMessage()).doesNotContain("canary-7");
        }
    }

    @Test
    void an_interrupted_wait_ends_at_once_as_cancelled() throws InterruptedException {
        try (Session session = Session.open(TestServers.fresh(15), "test")) {
            CountDownLatch begun = new CountDownLatch(1);
            ProblemException[] seen = new ProblemException[1];
            Thread waiting = Thread.ofVirtual().start(() -> {
                begun.countDown();
                seen[0] = failure(() -> session.query("select pg_sleep(60)"));
            });
            begun.await();
            waiting.interrupt();
            assertThat(waiting.join(Duration.ofSeconds(20))).isTrue();
            assertThat(seen[0].problem().code()).isEqualTo(ProblemCode.CANCELLED);
        }
    }

    @Test
    void silence_is_bounded_when_a_limit_is_given() {
        try (Session session = Session.open(TestServers.fresh(15), "test")) {
            session.limitSilence(Duration.ofMillis(300));
            assertUsable(session);
            ProblemException silent = failure(() -> session.query("select pg_sleep(60)"));
            assertThat(silent.problem().code()).isEqualTo(ProblemCode.TIMED_OUT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void more_than_a_hundred_megabytes_stream_both_ways_in_bounded_memory(int major) throws JMException {
        try (Session session = Session.open(TestServers.fresh(major), "test")) {
            session.execute("create unlogged table t (id int, note text)");
            long before = allocatedBytes();
            long[] bytes = {0};
            long rows = session.copyOut(
                    "copy (select g, repeat('x', 1000) from generate_series(1, 120000) g) to stdout",
                    (_, _, length) -> bytes[0] += length);
            byte[] row = ("7\t" + "y".repeat(997) + "\n").getBytes(StandardCharsets.US_ASCII);
            try (Session.CopyIn copy = session.copyIn("copy t from stdin")) {
                for (int number = 0; number < 120_000; number++) {
                    copy.write(row);
                }
                assertThat(copy.finish()).isEqualTo(120_000);
            }
            assertThat(rows).isEqualTo(120_000);
            assertThat(bytes[0]).isGreaterThan(120_000_000);
            assertThat(allocatedBytes() - before).isLessThan(4_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void an_error_among_the_rows_of_a_copy_comes_after_them_and_leaves_the_session_usable(int major) {
        try (Session session = Session.open(TestServers.fresh(major), "test")) {
            long[] rows = {0};
            ProblemException failed = failure(() -> session.copyOut(
                    "copy (select 1 / (50000 - g) from generate_series(1, 100000) g) to stdout",
                    (_, _, _) -> rows[0]++));
            assertThat(rows[0]).isEqualTo(49_999);
            assertThat(Session.sqlState(failed.problem())).contains("22012");
            ProblemException late = failure(() ->
                    session.copyOut("copy (select generate_series(1, 1000000000)) to stdout", (_, _, _) -> {
                        if (rows[0]++ == 60_000) {
                            session.cancel();
                        }
                    }));
            assertThat(late.problem().code()).isEqualTo(ProblemCode.CANCELLED);
            assertUsable(session);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void the_facts_of_a_server_are_what_its_catalogs_say(int major) {
        PostgresUrl url = TestServers.fresh(major);
        try (Session session = Session.open(url, "test")) {
            session.execute("create table a (id int); create table b (id int) partition by range (id);"
                    + "create temp table c (id int); set statement_timeout = '7s'; set lock_timeout = 0;"
                    + "create role outsider_" + url.database() + " login");
            ServerFacts facts = ServerFacts.read(session);
            assertThat(facts.major()).isEqualTo(major);
            assertThat(facts.version()).startsWith(major + ".");
            assertThat(facts.role()).isEqualTo("postgres");
            assertThat(facts.superuser()).isTrue();
            assertThat(facts.inRecovery()).isFalse();
            assertThat(facts.encrypted()).isFalse();
            assertThat(facts.database()).isEqualTo(url.database());
            assertThat(facts.databaseBytes())
                    .hasValueSatisfying(size -> assertThat(size).isGreaterThan(1_000_000));
            assertThat(facts.encoding()).isEqualTo("UTF8");
            assertThat(facts.collation()).isEqualTo("C.UTF-8");
            assertThat(facts.tables()).isEqualTo(2);
            assertThat(facts.connectionsMax()).isEqualTo(100);
            assertThat(facts.connectionsUsed())
                    .hasValueSatisfying(used -> assertThat(used).isPositive());
            assertThat(facts.timeouts()).containsExactly(java.util.Map.entry("statement_timeout", 7000L));
        }
        PostgresUrl outsider = new PostgresUrl(
                url.host(), url.port(), url.database(), "outsider_" + url.database(), url.password(), url.parameters());
        try (Session session = Session.open(outsider, "test")) {
            assertThat(ServerFacts.read(session).superuser()).isFalse();
            assertThat(ServerFacts.read(session).databaseBytes()).isPresent();
        }
    }
}
