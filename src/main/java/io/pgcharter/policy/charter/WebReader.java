package io.pgcharter.policy.charter;

import io.pgcharter.model.operation.Role;
import io.pgcharter.model.secret.SecretText;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// Reads the section `web` of a charter that holds no error.
final class WebReader {
    private static final String GROUPS_DEFAULT = "groups";
    private static final String PERSON_DEFAULT = "preferred_username";

    private final UnaryOperator<String> absolute;

    /// @param absolute makes a path absolute that is relative to the charter
    WebReader(UnaryOperator<String> absolute) {
        this.absolute = absolute;
    }

    WebPlan read(JsonNode web) {
        if (!web.isObject()) {
            return WebPlan.NONE;
        }
        Listen listen = Listen.of(text(web, "listen").orElse(WebPlan.LISTEN_DEFAULT));
        return new WebPlan(
                true,
                listen.host(),
                listen.port(),
                text(web, "url").map(URI::create),
                web.path("behind-proxy").asBoolean(false),
                web.has("tls") ? Optional.of(certificate(web.path("tls"))) : Optional.empty(),
                web.has("oidc") ? Optional.of(oidc(web.path("oidc"))) : Optional.empty(),
                new WebPlan.Session(
                        duration(web.path("session"), "idle", WebPlan.IDLE_DEFAULT),
                        duration(web.path("session"), "lasting", WebPlan.LASTING_DEFAULT)));
    }

    /// `127.0.0.1:8080`, `[::1]:8080`, `pg.example.com:8443`.
    record Listen(String host, int port) {
        static Listen of(String text) {
            int colon = text.lastIndexOf(':');
            String host = text.substring(0, colon);
            String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return new Listen(bare, Integer.parseInt(text.substring(colon + 1)));
        }

        /// Whether only this machine can reach it.
        boolean isLoopback() {
            return host.equals("localhost") || host.equals("::1") || host.matches("127(?:\\.[0-9]{1,3}){3}");
        }
    }

    private WebPlan.Certificate certificate(JsonNode tls) {
        return new WebPlan.Certificate(
                absolute.apply(text(tls, "certificate").orElseThrow()),
                new SecretText(text(tls, "key").orElseThrow()));
    }

    private static WebPlan.Oidc oidc(JsonNode oidc) {
        Map<Role, List<String>> roles = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : oidc.path("roles").properties()) {
            List<String> groups = new ArrayList<>();
            entry.getValue().forEach(group -> groups.add(group.stringValue()));
            roles.put(Role.valueOf(entry.getKey().toUpperCase(Locale.ROOT)), groups);
        }
        return new WebPlan.Oidc(
                URI.create(text(oidc, "issuer").orElseThrow()),
                text(oidc, "client-id").orElseThrow(),
                new SecretText(text(oidc, "client-secret").orElseThrow()),
                text(oidc, "groups-claim").orElse(GROUPS_DEFAULT),
                text(oidc, "person-claim").orElse(PERSON_DEFAULT),
                roles);
    }

    private static Duration duration(JsonNode node, String key, Duration otherwise) {
        return text(node, key).map(CharterReader::duration).orElse(otherwise);
    }

    private static Optional<String> text(JsonNode node, String key) {
        return node.has(key) ? Optional.of(node.path(key).stringValue()) : Optional.empty();
    }
}
