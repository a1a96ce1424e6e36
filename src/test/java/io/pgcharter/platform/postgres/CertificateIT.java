package io.pgcharter.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.Wait;
import io.pgcharter.model.estate.ServerCertificate;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.platform.inventory.ServerCertificates;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Checkbook.Circumstances;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards;
import io.pgcharter.policy.estate.DatabaseEstate;
import io.pgcharter.policy.estate.EstateChecks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The certificate of a real server, made for a few days.
@Timeout(60)
class CertificateIT {
    @Test
    void a_certificate_that_ends_soon_is_found_until_it_is_renewed() throws IOException {
        Certificates certificates = new Certificates();
        PostgresUrl url;
        try (ListeningServer server = new ListeningServer(15, Optional.of(certificates))) {
            url = server.url("scram", "localhost", "sslmode", "require");
            assertThat(judged(url))
                    .returns(Level.CRIT, Verdict::level)
                    .extracting(Verdict::message)
                    .isEqualTo("certificate: the certificate of 'CN=localhost' holds for 47 h");

            certificates.renewServer(20);
            server.renew(certificates);
            await(url, Level.WARN);
            certificates.renewServer(90);
            server.renew(certificates);
            await(url, Level.OK);

            assertThat(judged(server.url("scram", "localhost", "sslmode", "disable"))
                            .level())
                    .isEqualTo(Level.NOT_APPLICABLE);
            PostgresUrl strict = server.url(
                    "scram", "localhost", "sslmode", "verify-full", "sslrootcert", certificates.file("stranger.crt"));
            assertThat(judged(strict).level()).isEqualTo(Level.CRIT);
        }
        assertThat(judged(url))
                .returns(Level.UNKNOWN, Verdict::level)
                .extracting(Verdict::message)
                .asString()
                .startsWith("SERVER_UNREACHABLE");
    }

    /// The server reads its files a moment after it was told to.
    private static void await(PostgresUrl url, Level level) {
        Wait.until("the certificate is " + level, () -> judged(url).level() == level);
    }

    private static Verdict judged(PostgresUrl url) {
        ServerCertificate certificate = ServerCertificates.of(url);
        Charter charter = new Charter(
                "charter.yaml",
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                Map.of(),
                new Charter.StatePlace(Optional.empty(), Optional.empty()));
        Instant now = Instant.now();
        DatabaseEstate estate = new DatabaseEstate(
                new DatabaseName("shop"),
                charter,
                now,
                Map.of(),
                List.of(),
                Map.of(),
                Optional.<Duration>empty(),
                List.of(),
                certificate);
        return Checkbook.published()
                .judge(
                        "tls-certificate",
                        Objects.requireNonNull(EstateChecks.of(estate).get("tls-certificate")),
                        new Circumstances("database/shop", Standards.DEFAULT, Declared.NOTHING, Map.of(), now));
    }
}
