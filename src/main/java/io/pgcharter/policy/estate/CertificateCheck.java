package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.ServerCertificate;
import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How long the certificate of a database's server holds.
final class CertificateCheck {
    private CertificateCheck() {}

    static Answer ending(ServerCertificate certificate, Instant now) {
        return switch (certificate) {
            case ServerCertificate.Shown(String subject, Instant endsAt) -> {
                Duration left = Duration.between(now, endsAt);
                yield new Answer.Seen(List.of(Observation.of(
                        "certificate",
                        (double) left.toSeconds(),
                        "the certificate of '" + subject + "' "
                                + (left.isNegative()
                                        ? "has expired " + Figures.age(endsAt, now)
                                        : "holds for " + Figures.text(left)))));
            }
            case ServerCertificate.None _ -> new Answer.Moot("the connection is not encrypted");
            case ServerCertificate.Unseen(String code, String text, String _)
            when code.equals("TLS_REFUSED") ->
                new Answer.Seen(List.of(Observation.of("certificate", Level.CRIT, text)));
            case ServerCertificate.Unseen(String code, String text, String remedy) ->
                new Answer.Unseen(code + ": " + text, remedy);
        };
    }
}
