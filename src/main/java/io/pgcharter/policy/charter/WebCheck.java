package io.pgcharter.policy.charter;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a schema cannot say of the section `web`: no password travels in the clear, no limit contradicts another.
final class WebCheck {
    private final YamlDocument document;
    private final Complaints complaints;

    WebCheck(YamlDocument document, Complaints complaints) {
        this.document = document;
        this.complaints = complaints;
    }

    void check() {
        JsonNode web = document.tree().path("web");
        if (!web.isObject()) {
            return;
        }
        listen(web);
        issuer(web.path("oidc").path("issuer").asString(""));
        session(web.path("session"));
    }

    private void listen(JsonNode web) {
        String listen = web.path("listen").asString("");
        if (!listen.matches("(?:\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):[0-9]{1,5}")) {
            return;
        }
        WebReader.Listen address = WebReader.Listen.of(listen);
        if (address.port() > 65_535) {
            complaints.add(
                    document.valueAt("/web/listen"),
                    "web.listen names port " + address.port() + ", and there is none above 65535",
                    "write a port from 1 to 65535");
        }
        if (!address.isLoopback()
                && !web.has("tls")
                && !web.path("behind-proxy").asBoolean(false)) {
            complaints.add(
                    document.valueAt("/web/listen"),
                    "web.listen is reached from other machines, and passwords would travel in the clear",
                    "add 'tls: { certificate: …, key: … }'; or 'behind-proxy: true' if a proxy in front of it does TLS");
        }
    }

    private void issuer(String issuer) {
        if (issuer.startsWith("http://")
                && !issuer.matches("http://(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\])(?::[0-9]+)?(?:/.*)?")) {
            complaints.add(
                    document.valueAt("/web/oidc/issuer"),
                    "web.oidc.issuer is reached without TLS, so anybody on the way could let people in",
                    "write https://…");
        }
    }

    private void session(JsonNode session) {
        Optional<String> idle = duration(session, "idle");
        Optional<String> lasting = duration(session, "lasting");
        var idleTime = idle.map(CharterReader::duration).orElse(WebPlan.IDLE_DEFAULT);
        var whole = lasting.map(CharterReader::duration).orElse(WebPlan.LASTING_DEFAULT);
        if (idleTime.compareTo(whole) > 0 && (idle.isPresent() || lasting.isPresent())) {
            complaints.add(
                    document.valueAt(idle.isPresent() ? "/web/session/idle" : "/web/session/lasting"),
                    "web.session.idle is longer than a login lasts at all",
                    "make idle shorter than lasting (default: 30m and 12h)");
        }
    }

    private static Optional<String> duration(JsonNode session, String key) {
        JsonNode value = session.path(key);
        return value.isString() && value.stringValue().matches("[1-9][0-9]{0,4}[mhd]")
                ? Optional.of(value.stringValue())
                : Optional.empty();
    }
}
