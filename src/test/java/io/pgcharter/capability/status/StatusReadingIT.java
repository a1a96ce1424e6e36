package io.pgcharter.capability.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.PostgresBinaries;
import io.pgcharter.platform.sandbox.Sandboxes;
import io.pgcharter.platform.sandbox.Sandboxes.Sandbox;
import io.pgcharter.platform.secret.LocalSecrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.guard.Context;
import io.pgcharter.policy.guard.Decision;
import io.pgcharter.policy.guard.Guard;
import io.pgcharter.policy.guard.Permit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusReadingIT {
    private static final Operation.Status STATUS = new Operation.Status(new DatabaseName("pay"));

    @TempDir
    Path directory;

    @Test
    void a_database_that_answers_says_who_and_how_it_is() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        PostgresBinaries binaries = new PostgresBinaries(
                Path.of("/usr/lib/postgresql"), Path.of("target/postgres"), directory.resolve("unpacked"));
        try (Sandbox sandbox = new Sandboxes(binaries, directory.resolve("sandboxes")).start(15)) {
            try (Session session = Session.open(sandbox.url(), "test")) {
                session.execute("create table one (id int); create temp table not_counted (id int)");
            }

            Report.Status status = read("postgres://postgres@/postgres?sslmode=disable&host=" + sandbox.url().host());

            assertThat(status.trouble()).isEmpty();
            assertThat(status.reachable()).isTrue();
            assertThat(status.isProtected()).isTrue();
            assertThat(status.serverVersion()).hasValueSatisfying(version -> assertThat(version).startsWith("15."));
            assertThat(status.role()).contains("postgres");
            assertThat(status.tableCount()).isEqualTo(1);
            assertThat(status.sizeBytes()).isGreaterThan(1_000_000);
            assertThat(status.inRecovery()).isFalse();
            assertThat(status.tls()).isFalse();
        }
    }

    @Test
    void nobody_listening_is_a_report_not_a_failure() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        Report.Status status = read("postgres://app@127.0.0.1:" + port + "/pay?sslmode=disable");

        assertThat(status.reachable()).isFalse();
        assertThat(status.trouble()).hasValueSatisfying(trouble -> assertThat(trouble).startsWith("SERVER_UNREACHABLE: "));
        assertThat(status.serverVersion()).isEmpty();
    }

    @Test
    void a_server_that_takes_the_connection_and_says_nothing_is_given_up_after_5_seconds() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Instant begun = Clock.systemUTC().instant();

            Report.Status status = read("postgres://app@127.0.0.1:" + silent.getLocalPort() + "/pay?sslmode=disable");

            assertThat(status.reachable()).isFalse();
            assertThat(status.trouble()).isPresent();
            assertThat(Duration.between(begun, Clock.systemUTC().instant()))
                    .isLessThan(StatusReading.ANSWER_TIME_MAX.plusSeconds(3));
        }
    }

    @Test
    void a_spent_permit_reads_nothing() throws IOException {
        Charter charter = charter();
        Permit permit = permit(charter);
        permit.consume(STATUS);
        StatusReading reading = new StatusReading(charter, new LocalSecrets(Map.of("PAY", "postgres://a@h/d"), directory));

        assertThatThrownBy(() -> reading.read(permit, STATUS, new SilentRun()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("PERMIT_INVALID");
    }

    private Report.Status read(String url) {
        Charter charter = charter();
        StatusReading reading = new StatusReading(charter, new LocalSecrets(Map.of("PAY", url), directory));
        return reading.read(permit(charter), STATUS, new SilentRun());
    }

    private Charter charter() {
        String text =
                """
                charter: 1
                environments: { production: { protected: true } }
                databases: { pay: { environment: production, url: "${env:PAY}" } }
                """;
        return switch (Charters.parse(text, "charter.yaml", directory)) {
            case Charters.Parsed(Charter charter, var _) -> charter;
            case Charters.Rejected rejected -> throw new IllegalStateException(rejected.toString());
        };
    }

    private static Permit permit(Charter charter) {
        Clock clock = Clock.systemUTC();
        Context context = new Context(
                new Actor("ada", Optional.of(new EnvironmentName("production"))),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                clock.instant());
        return switch (new Guard(charter, clock).decide(STATUS, context)) {
            case Decision.Allowed(Permit permit, var _) -> permit;
            case Decision other -> throw new IllegalStateException(other.reasons().toString());
        };
    }

    /// A run that nobody watches or stops.
    private static final class SilentRun implements Run {
        @Override
        public RunId id() {
            return new RunId("0123456789ab");
        }

        @Override
        public Step begin(String name, long total, Unit unit) {
            return new Step() {
                @Override
                public void add(long count) {}

                @Override
                public void close() {}
            };
        }

        @Override
        public void check() {}

        @Override
        public void fence() {}
    }
}
