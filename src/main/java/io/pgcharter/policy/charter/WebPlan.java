package io.pgcharter.policy.charter;

import io.pgcharter.model.operation.Role;
import io.pgcharter.model.secret.SecretText;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where the dashboard and the API listen, and who may use them. Section `web` of the charter.
///
/// @param isWanted whether the charter has the section at all: nothing listens that nobody asked for
/// @param host name or address to listen on; brackets around IPv6 are taken off
/// @param port 0 for any that is free
/// @param url how people reach it from outside, where that differs; without a path
/// @param isBehindProxy whether a proxy in front of it does TLS and says who the client is (`X-Forwarded-For`)
public record WebPlan(
        boolean isWanted,
        String host,
        int port,
        Optional<URI> url,
        boolean isBehindProxy,
        Optional<Certificate> tls,
        Optional<Oidc> oidc,
        Session session) {
    static final String LISTEN_DEFAULT = "127.0.0.1:8080";
    static final Duration IDLE_DEFAULT = Duration.ofMinutes(30);
    static final Duration LASTING_DEFAULT = Duration.ofHours(12);

    /// What holds where the charter says nothing.
    public static final WebPlan NONE = new WebPlan(
            false,
            "127.0.0.1",
            8080,
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            new Session(IDLE_DEFAULT, LASTING_DEFAULT));

    /// Whether browsers reach it by https.
    public boolean isSecure() {
        return tls.isPresent() || isBehindProxy;
    }

    /// What browsers are to type, without a slash at the end.
    ///
    /// @param boundPort the port that was taken
    public String address(int boundPort) {
        return url.map(URI::toString).orElseGet(() -> {
            String named = host.contains(":") ? "[" + host + "]" : host;
            return (isSecure() ? "https://" : "http://") + named + ":" + boundPort;
        });
    }

    /// @param certificate path of a PEM file: the certificate, then its chain
    /// @param key the private key in PEM (PKCS #8, or what openssl writes for RSA and EC)
    public record Certificate(String certificate, SecretText key) {}

    /// An identity provider.
    ///
    /// @param issuer its URL, as its tokens name it
    /// @param groupsClaim the claim of the ID token that lists a person's groups
    /// @param personClaim the claim that is the person's name here: in journal and approvals
    /// @param roles which groups give which role
    public record Oidc(
            URI issuer,
            String clientId,
            SecretText clientSecret,
            String groupsClaim,
            String personClaim,
            Map<Role, List<String>> roles) {
        /// Of several roles the first of these counts.
        private static final List<Role> ORDER = List.of(Role.ADMIN, Role.OPERATOR, Role.APPROVER, Role.VIEWER);

        public Oidc {
            Map<Role, List<String>> copy = new LinkedHashMap<>();
            roles.forEach((role, groups) -> copy.put(role, List.copyOf(groups)));
            roles = Map.copyOf(copy);
        }

        /// The role of whoever is in `groups`; empty if none of them gives one.
        public Optional<Role> role(List<String> groups) {
            return ORDER.stream()
                    .filter(role -> roles.getOrDefault(role, List.of()).stream().anyMatch(groups::contains))
                    .findFirst();
        }
    }

    /// @param idle a login ends when it was not used for so long
    /// @param lasting a login ends after so long, used or not
    public record Session(Duration idle, Duration lasting) {}
}
