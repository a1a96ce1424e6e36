package io.pgcharter.platform.inventory;

import io.pgcharter.model.estate.ServerCertificate;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.util.HashMap;
import java.util.Map;

/// The certificates that databases' servers show.
public final class ServerCertificates {
    private static final String CONNECT_SECONDS = "5";

    private ServerCertificates() {}

    /// Calls on the server and hangs up. Whatever keeps it from that is an answer too.
    public static ServerCertificate of(PostgresUrl url) {
        try (Session session = Session.open(bounded(url), "certificate")) {
            return session.serverCertificate()
                    .<ServerCertificate>map(certificate -> new ServerCertificate.Shown(
                            certificate.getSubjectX500Principal().getName(),
                            certificate.getNotAfter().toInstant()))
                    .orElseGet(ServerCertificate.None::new);
        } catch (ProblemException e) {
            Problem problem = e.problem();
            return new ServerCertificate.Unseen(
                    problem.code().name(), problem.fact() + ": " + problem.cause(), problem.remedy());
        }
    }

    private static PostgresUrl bounded(PostgresUrl url) {
        Map<String, String> parameters = new HashMap<>(url.parameters());
        parameters.putIfAbsent("connect_timeout", CONNECT_SECONDS);
        return new PostgresUrl(url.host(), url.port(), url.database(), url.user(), url.password(), parameters);
    }
}
