package io.pgcharter.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A line that breaks, and peers that are no PostgreSQL server: each ends in a problem, none in waiting.
@Timeout(60)
class LostConnectionIT {
    private static ListeningServer server;

    @BeforeAll
    static void start() {
        server = new ListeningServer(15, Optional.empty());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /// Stands between client and server and can cut the line.
    private static final class Relay implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();

        Relay() throws IOException {
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = listener.accept();
                    Socket target = new Socket(InetAddress.getLoopbackAddress(), server.port());
                    sockets.addAll(List.of(client, target));
                    Thread.ofVirtual().start(() -> pump(client, target));
                    Thread.ofVirtual().start(() -> pump(target, client));
                }
            } catch (IOException closed) {
                cut();
            }
        }

        private static void pump(Socket from, Socket to) {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException cut) {
                assertThat(cut).isNotNull();
            }
        }

        PostgresUrl url() {
            return new PostgresUrl(
                    "127.0.0.1",
                    listener.getLocalPort(),
                    "postgres",
                    "trusted",
                    Optional.empty(),
                    Map.of("sslmode", "disable"));
        }

        void cut() {
            for (Socket socket : sockets) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
            cut();
        }
    }

    private static Problem failure(Runnable work) {
        ProblemException failure = catchThrowableOfType(ProblemException.class, work::run);
        assertThat(failure).isNotNull();
        return failure.problem();
    }

    private static void assertLost(Problem problem, String statement) {
        assertThat(problem.code()).isEqualTo(ProblemCode.SERVER_UNREACHABLE);
        assertThat(problem.fact()).contains("broke during: '" + statement);
        assertThat(problem.remedy()).contains("check that the server runs");
    }

    private static void awaitSleep(Session watcher, int processId) {
        while (watcher.query(
                        "select 1 from pg_stat_activity where pid = $1::int and wait_event = 'PgSleep'", "" + processId)
                .isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_line_cut_inside_a_query_is_a_problem_at_once() throws IOException, InterruptedException {
        try (Relay relay = new Relay();
                Session session = Session.open(relay.url(), "sleeper");
                Session watcher = Session.open(server.local(), "watcher")) {
            Thread cutter = Thread.ofVirtual().start(() -> {
                awaitSleep(watcher, session.processId());
                relay.cut();
            });
            assertLost(failure(() -> session.query("select pg_sleep(50)")), "select pg_sleep(50)");
            cutter.join();
            assertThat(catchThrowableOfType(IllegalStateException.class, () -> session.query("select 1")))
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void a_line_cut_while_rows_come_is_a_problem_and_not_the_end_of_the_table() throws IOException {
        try (Relay relay = new Relay();
                Session session = Session.open(relay.url(), "reader")) {
            long[] rows = {0};
            Problem lost = failure(() ->
                    session.copyOut("copy (select generate_series(1, 100000000)) to stdout", (_, _, _) -> {
                        if (++rows[0] == 100_000) {
                            relay.cut();
                        }
                    }));
            assertLost(lost, "copy (select generate_series");
            assertThat(rows[0]).isBetween(100_000L, 10_000_000L);
        }
    }

    @Test
    void a_line_cut_while_rows_go_is_a_problem_and_nothing_of_the_copy_stays() throws IOException {
        try (Relay relay = new Relay();
                Session watcher = Session.open(server.local(), "watcher");
                Session session = Session.open(relay.url(), "writer")) {
            watcher.execute("create table cut_here (id int); grant all on cut_here to trusted");
            byte[] rows = "1\n".repeat(50_000).getBytes(StandardCharsets.US_ASCII);
            Problem lost = failure(() -> {
                try (Session.CopyIn copy = session.copyIn("copy cut_here from stdin")) {
                    for (int round = 0; round < 100_000; round++) {
                        copy.write(rows);
                        if (round == 20) {
                            relay.cut();
                        }
                    }
                    copy.finish();
                }
            });
            assertLost(lost, "copy cut_here from stdin");
            while (!watcher.query("select 1 from pg_stat_activity where application_name = 'pgcharter writer'")
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(watcher.query("select count(*) from cut_here").getFirst().number(0))
                    .isZero();
            assertThat(watcher.query("select 1 from pg_locks where relation = 'cut_here'::regclass"
                            + " and pid <> pg_backend_pid()"))
                    .isEmpty();
        }
    }

    @Test
    void a_session_that_an_administrator_ends_says_so() throws InterruptedException {
        try (Session session = Session.open(server.local(), "victim");
                Session watcher = Session.open(server.local(), "watcher")) {
            Thread ender = Thread.ofVirtual().start(() -> {
                awaitSleep(watcher, session.processId());
                watcher.query("select pg_terminate_backend($1::int)", "" + session.processId());
            });
            Problem ended = failure(() -> session.query("select pg_sleep(50)"));
            ender.join();
            assertThat(ended.code()).isEqualTo(ProblemCode.SERVER_UNREACHABLE);
            assertThat(ended.cause()).contains("terminating connection due to administrator command", "[57P01]");
        }
    }

    /// Accepts one client, reads its first message, answers with `answer` and then keeps silent.
    private static PostgresUrl peer(byte[] answer, CountDownLatch done, List<Integer> readAfterwards, Object... more)
            throws IOException {
        ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try (listener;
                    Socket client = listener.accept()) {
                int unused = client.getInputStream().read(new byte[8192]);
                client.getOutputStream().write(answer);
                client.getOutputStream().flush();
                for (int read = client.getInputStream().read();
                        read >= 0;
                        read = client.getInputStream().read()) {
                    readAfterwards.add(read);
                }
            } catch (IOException reset) {
                assertThat(reset).isNotNull();
            } finally {
                done.countDown();
            }
        });
        PostgresUrl url = server.url("scram", "127.0.0.1", more);
        return new PostgresUrl(
                "127.0.0.1", listener.getLocalPort(), "postgres", url.user(), url.password(), url.parameters());
    }

    private static Problem refusedBy(byte[] answer, List<Integer> readAfterwards, Object... more)
            throws IOException, InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        PostgresUrl url = peer(answer, done, readAfterwards, more);
        Problem problem = failure(() -> Session.open(url, "test").close());
        done.await();
        return problem;
    }

    @Test
    void peers_that_are_no_server_are_unreachable_and_never_waited_for() throws IOException, InterruptedException {
        for (byte[] answer : List.of(
                "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                new byte[] {'R', 0x7f, -1, -1, -1, 0},
                new byte[] {'R', 0, 0, 0, 1},
                new byte[] {'Z', 0, 0, 0, 5, 'I'},
                new byte[0])) {
            Problem problem =
                    refusedBy(answer, new CopyOnWriteArrayList<>(), "sslmode", "disable", "connect_timeout", "1");
            assertThat(problem.code()).isEqualTo(ProblemCode.SERVER_UNREACHABLE);
            assertThat(problem.cause()).containsAnyOf("broke during the login", "kept silent for 1 s");
        }
    }

    @Test
    void a_pooler_that_does_not_take_options_is_quoted() throws IOException, InterruptedException {
        byte[] fields = "SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0"
                .getBytes(StandardCharsets.US_ASCII);
        byte[] answer = new byte[fields.length + 5];
        answer[0] = 'E';
        answer[4] = (byte) (fields.length + 4);
        System.arraycopy(fields, 0, answer, 5, fields.length);
        Problem problem =
                refusedBy(answer, new CopyOnWriteArrayList<>(), "sslmode", "disable", "options", "-c search_path=a");
        assertThat(problem.code()).isEqualTo(ProblemCode.LOGIN_REFUSED);
        assertThat(problem.cause()).contains("unsupported startup parameter: options", "[08P01]");
    }

    @Test
    void a_peer_that_asks_for_the_password_in_the_clear_does_not_get_it_where_the_channel_must_be_bound()
            throws IOException, InterruptedException {
        List<Integer> sent = new CopyOnWriteArrayList<>();
        byte[] askForPassword = {'R', 0, 0, 0, 8, 0, 0, 0, 3};
        Problem problem = refusedBy(askForPassword, sent, "sslmode", "disable", "channel_binding", "require");
        assertThat(problem.code()).isEqualTo(ProblemCode.LOGIN_REFUSED);
        assertThat(sent).isEmpty();
    }

    @Test
    void nobody_at_the_address_is_unreachable_with_a_way_to_try_it() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        PostgresUrl url = server.url("trusted", "127.0.0.1");
        Problem refused = failure(() -> Session.open(at(url, "127.0.0.1", closed), "test"));
        assertThat(refused.code()).isEqualTo(ProblemCode.SERVER_UNREACHABLE);
        assertThat(refused.remedy()).contains("pg_isready -h 127.0.0.1 -p " + closed);
        Problem unknown = failure(() -> Session.open(at(url, "no-such-host.invalid", 5432), "test"));
        assertThat(unknown.code()).isEqualTo(ProblemCode.SERVER_UNREACHABLE);
        assertThat(unknown.cause()).contains("no address is known");
        Problem socket = failure(() -> Session.open(at(url, "/nowhere", 5432), "test"));
        assertThat(socket.code()).isEqualTo(ProblemCode.SERVER_UNREACHABLE);
        assertThat(socket.fact()).contains("/nowhere/.s.PGSQL.5432");
    }

    private static PostgresUrl at(PostgresUrl url, String host, int port) {
        return new PostgresUrl(host, port, url.database(), url.user(), url.password(), url.parameters());
    }
}
