package io.pgcharter.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who is let in, and with what words who is not: TLS and logins against real servers, one with TLS and one without.
class LoginIT {
    private static Certificates certificates;
    private static ListeningServer server;
    private static ListeningServer withoutTls;

    @BeforeAll
    static void start() {
        certificates = new Certificates();
        server = new ListeningServer(15, Optional.of(certificates));
        withoutTls = new ListeningServer(14, Optional.empty());
    }

    @AfterAll
    static void stop() {
        server.close();
        withoutTls.close();
    }

    /// What the server itself says about the connection: `TLSv1.3`, or `plain`.
    private static String connected(PostgresUrl url) {
        try (Session session = Session.open(url, "login test")) {
            String version = session.query(
                            "select coalesce(version, 'plain') from pg_stat_ssl"
                                    + " where pid = pg_backend_pid() and current_user = $1",
                            url.user())
                    .getFirst()
                    .string(0);
            assertThat(session.encrypted()).isEqualTo(!version.equals("plain"));
            return version;
        }
    }

    private static Problem refused(PostgresUrl url) {
        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> Session.open(url, "test").close());
        assertThat(refused).as("the login was not refused").isNotNull();
        assertThat(refused.problem().text()).doesNotContain("canary");
        assertThat(refused.toString()).doesNotContain("canary");
        return refused.problem();
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 16, 17, 18})
    void every_major_lets_in_over_verified_tls_with_scram_bound_to_the_channel(int major) {
        try (ListeningServer own = new ListeningServer(major, Optional.of(certificates))) {
            PostgresUrl url = own.url(
                    "scram",
                    "localhost",
                    "sslmode",
                    "verify-full",
                    "sslrootcert",
                    certificates.file("authority.crt"),
                    "channel_binding",
                    "require");
            assertThat(connected(url)).isEqualTo("TLSv1.3");
            assertThat(connected(own.url("old", "127.0.0.1", "sslmode", "disable")))
                    .isEqualTo("plain");
            assertThat(connected(own.url("scram", "::1", "sslmode", "require"))).isEqualTo("TLSv1.3");
            assertThat(connected(own.url(
                            "certified",
                            "localhost",
                            "sslmode",
                            "require",
                            "sslcert",
                            certificates.file("client-ec.crt"),
                            "sslkey",
                            certificates.file("client-ec.key"))))
                    .isEqualTo("TLSv1.3");
            assertThat(refused(own.url("scram", Optional.of("wrong canary"), "localhost"))
                            .code())
                    .isEqualTo(ProblemCode.LOGIN_REFUSED);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "disable,     127.0.0.1, ,              plain",
        "allow,       127.0.0.1, ,              TLSv1.3",
        "prefer,      127.0.0.1, ,              TLSv1.3",
        "prefer,      127.0.0.1, stranger.crt,  TLSv1.3",
        "require,     127.0.0.1, ,              TLSv1.3",
        "require,     127.0.0.1, authority.crt, TLSv1.3",
        "verify-ca,   localhost, authority.crt, TLSv1.3",
        "verify-ca,   127.0.0.1, authority.crt, TLSv1.3",
        "verify-full, localhost, authority.crt, TLSv1.3",
    })
    void each_mode_encrypts_as_libpq_says(String mode, String host, String authority, String expected) {
        assertThat(connected(with(mode, host, authority))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "require,     127.0.0.1, stranger.crt,  unable to find valid certification path",
        "verify-ca,   localhost, stranger.crt,  unable to find valid certification path",
        "verify-ca,   localhost, system,        unable to find valid certification path",
        "verify-full, localhost, stranger.crt,  unable to find valid certification path",
        "verify-full, 127.0.0.1, authority.crt, 127.0.0.1",
        "verify-full, ::1,       authority.crt, ::1|0:0:0:0:0:0:0:1",
        "verify-full, localhost, nowhere.crt,   NoSuchFileException",
        "verify-full, localhost, server.key,    certificate",
    })
    void a_server_that_cannot_be_verified_is_not_talked_to(String mode, String host, String authority, String cause) {
        Problem problem = refused(with(mode, host, authority));
        assertThat(problem.code()).isEqualTo(ProblemCode.TLS_REFUSED);
        assertThat(problem.cause()).containsPattern(cause);
        assertThat(problem.fact() + problem.remedy()).contains("sslrootcert");
    }

    private static PostgresUrl with(String mode, String host, String authority) {
        return authority == null
                ? server.url("scram", host, "sslmode", mode)
                : server.url(
                        "scram",
                        host,
                        "sslmode",
                        mode,
                        "sslrootcert",
                        authority.equals("system") ? authority : certificates.file(authority));
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "allow", "prefer"})
    void without_tls_at_the_server_what_does_not_demand_it_goes_in_the_clear(String mode) {
        assertThat(connected(withoutTls.url("scram", "127.0.0.1", "sslmode", mode)))
                .isEqualTo("plain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"require", "verify-ca", "verify-full"})
    void without_tls_at_the_server_what_demands_it_is_refused(String mode) {
        Problem problem = refused(withoutTls.url("scram", "127.0.0.1", "sslmode", mode));
        assertThat(problem.code()).isEqualTo(ProblemCode.TLS_REFUSED);
        assertThat(problem.fact()).contains("has no TLS", "sslmode=" + mode);
        assertThat(problem.remedy()).contains("ssl = on");
    }

    @Test
    void prefer_takes_what_the_servers_rules_ask_for_and_require_does_not() {
        assertThat(connected(server.url("tls-only", "127.0.0.1"))).isEqualTo("TLSv1.3");
        assertThat(connected(server.url("plain-only", "127.0.0.1"))).isEqualTo("plain");
        assertThat(refused(server.url("plain-only", "127.0.0.1", "sslmode", "require"))
                        .code())
                .isEqualTo(ProblemCode.LOGIN_REFUSED);
        assertThat(refused(server.url("tls-only", "127.0.0.1", "sslmode", "disable"))
                        .cause())
                .contains("no encryption", "[28000]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client-ec", "client-rsa", "client-ed25519"})
    void a_client_certificate_logs_in_without_a_password(String name) {
        assertThat(connected(certified(name + ".crt", name + ".key"))).isEqualTo("TLSv1.3");
    }

    @Test
    void a_client_certificate_that_does_not_hold_is_refused_in_words() {
        Problem none = refused(server.url("certified", Optional.empty(), "localhost", "sslmode", "require"));
        assertThat(none.code()).isEqualTo(ProblemCode.LOGIN_REFUSED);
        assertThat(none.cause()).contains("client certificate");
        Problem foreign = refused(certified("client-stranger.crt", "client-stranger.key"));
        assertThat(foreign.code()).isEqualTo(ProblemCode.LOGIN_REFUSED);
        assertThat(foreign.cause()).contains("client certificate");
        Problem format = refused(certified("client-ec.crt", "sec1.key"));
        assertThat(format.code()).isEqualTo(ProblemCode.TLS_REFUSED);
        assertThat(format.cause()).contains("PKCS #8", "openssl pkcs8 -topk8");
        Problem alone = refused(server.url(
                "certified", "localhost", "sslmode", "require", "sslcert", certificates.file("client-ec.crt")));
        assertThat(alone.code()).isEqualTo(ProblemCode.CHARTER_INVALID);
        assertThat(alone.cause()).contains("sslcert", "sslkey");
    }

    private static PostgresUrl certified(String certificate, String key) {
        return server.url(
                "certified",
                Optional.empty(),
                "localhost",
                "sslmode",
                "require",
                "sslcert",
                certificates.file(certificate),
                "sslkey",
                certificates.file(key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"scram", "old", "clear", "trusted"})
    void each_way_to_prove_a_password_works_and_fails(String user) {
        assertThat(connected(server.url(user, "127.0.0.1", "sslmode", "disable")))
                .isEqualTo("plain");
        assertThat(connected(server.url(user, "127.0.0.1"))).isEqualTo("TLSv1.3");
        if (user.equals("trusted")) {
            return;
        }
        Problem wrong = refused(server.url(user, Optional.of("other canary"), "127.0.0.1"));
        assertThat(wrong.code()).isEqualTo(ProblemCode.LOGIN_REFUSED);
        assertThat(wrong.fact()).isEqualTo("cannot log in to '" + user + "@127.0.0.1:" + server.port() + "/postgres'");
        assertThat(wrong.cause()).contains("password authentication failed", "[28P01]");
        assertThat(wrong.remedy()).contains("check the user's name and password");
        Problem none = refused(server.url(user, Optional.empty(), "127.0.0.1"));
        assertThat(none.code()).isEqualTo(ProblemCode.LOGIN_REFUSED);
        assertThat(none.cause()).contains("asks for a password and the database URL has none");
    }

    @ParameterizedTest
    @CsvSource({
        "scram,   require, disable, channel",
        "old,     require, require, channel",
        "clear,   require, require, channel",
        "trusted, require, require, channel",
    })
    void where_channel_binding_is_required_nothing_less_will_do(
            String user, String binding, String mode, String cause) {
        Problem problem = refused(server.url(user, "127.0.0.1", "sslmode", mode, "channel_binding", binding));
        assertThat(problem.code()).isEqualTo(ProblemCode.LOGIN_REFUSED);
        assertThat(problem.cause()).contains(cause);
        assertThat(problem.remedy()).contains("channel_binding");
    }

    @Test
    void channel_binding_can_be_preferred_switched_off_and_misspelled() {
        assertThat(connected(server.url("scram", "127.0.0.1", "channel_binding", "prefer")))
                .isEqualTo("TLSv1.3");
        assertThat(connected(server.url("scram", "127.0.0.1", "channel_binding", "disable")))
                .isEqualTo("TLSv1.3");
        assertThat(refused(server.url("scram", "127.0.0.1", "channel_binding", "required"))
                        .code())
                .isEqualTo(ProblemCode.CHARTER_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssl_mode", "sslcrl", "sslnegotiation", "require_auth", "SSLMODE"})
    void a_parameter_that_should_make_it_safer_and_is_not_carried_out_is_refused(String parameter) {
        Problem problem = refused(server.url("scram", "127.0.0.1", parameter, "verify-full"));
        assertThat(problem.code()).isEqualTo(ProblemCode.CHARTER_INVALID);
        assertThat(problem.fact()).endsWith("does not carry out: " + parameter);
    }

    @Test
    void a_login_that_is_refused_names_what_is_wrong() {
        Problem nobody = refused(server.url("nobody-here", "127.0.0.1"));
        assertThat(nobody.code()).isEqualTo(ProblemCode.LOGIN_REFUSED);
        assertThat(nobody.remedy()).contains("pg_hba.conf");
        Problem database = refused(server.url("scram", "127.0.0.1").withDatabase("nowhere"));
        assertThat(database.code()).isEqualTo(ProblemCode.LOGIN_REFUSED);
        assertThat(database.cause()).contains("\"nowhere\" does not exist", "[3D000]");
        Problem full = refused(server.url("limited", "127.0.0.1"));
        assertThat(full.code()).isEqualTo(ProblemCode.CONNECTIONS_EXHAUSTED);
        assertThat(full.remedy()).contains("the role's limit");
    }

    @Test
    void a_password_file_is_not_used_behind_the_charters_back(@TempDir Path home) throws IOException {
        Files.writeString(home.resolve(".pgpass"), "*:*:*:*:" + ListeningServer.PASSWORD.replace(":", "\\:") + "\n");
        String before = System.getProperty("user.home");
        System.setProperty("user.home", home.toString());
        try {
            assertThat(refused(server.url("scram", Optional.empty(), "127.0.0.1"))
                            .cause())
                    .contains("the database URL has none");
        } finally {
            System.setProperty("user.home", before);
        }
    }

    @Test
    void cancel_works_over_tls() throws InterruptedException {
        PostgresUrl url = server.url(
                "scram", "localhost", "sslmode", "verify-full", "sslrootcert", certificates.file("authority.crt"));
        try (Session session = Session.open(url, "sleeper");
                Session watcher = Session.open(server.local(), "watcher")) {
            Thread canceller = Thread.ofVirtual().start(() -> {
                while (watcher.query(
                                "select 1 from pg_stat_activity where pid = $1::int and wait_event = 'PgSleep'",
                                "" + session.processId())
                        .isEmpty()) {
                    Thread.onSpinWait();
                }
                session.cancel();
            });
            ProblemException cancelled =
                    catchThrowableOfType(ProblemException.class, () -> session.query("select pg_sleep(60)"));
            canceller.join();
            assertThat(cancelled.problem().code()).isEqualTo(ProblemCode.CANCELLED);
            assertThat(session.query("select 1")).hasSize(1);
        }
    }
}
