package io.pgcharter.policy.charter;

import io.pgcharter.model.health.Level;
import io.pgcharter.policy.charter.AlertPlan.Pace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What a schema cannot say of the section `alerts`.
final class AlertCheck {
    private static final List<String> KINDS = List.of("email", "webhook", "slack");

    private final YamlDocument document;
    private final Complaints complaints;
    private final CrossCheck names;

    AlertCheck(YamlDocument document, Complaints complaints, CrossCheck names) {
        this.document = document;
        this.complaints = complaints;
        this.names = names;
    }

    void check() {
        JsonNode section = document.tree().path("alerts");
        Set<String> receivers = new TreeSet<>(section.path("receivers").propertyNames());
        receivers.forEach(this::receiver);
        JsonNode routes = section.path("routes");
        for (int index = 0; routes.isArray() && index < routes.size(); index++) {
            String route = "/alerts/routes/" + index;
            names.references(route + "/to", "receiver", receivers);
            names.references(route + "/when/environment", "environment", names.names("environments"));
            names.references(route + "/when/database", "database", names.names("databases"));
        }
        names.references("/alerts/success/to", "receiver", receivers);
        names.timezone("/alerts/quiet-hours/timezone");
        names.providers("/alerts/dead-man/url");
        positive("/alerts/repeat");
        positive("/alerts/dead-man/every");
        positive("/alerts/silent-after");
        standing();
    }

    /// What a counter saw once must stand for longer than it takes to be told.
    private void standing() {
        Optional<Duration> stands = span("/watch/stands");
        Duration after = span("/alerts/after/warn").orElse(Pace.DEFAULT.after(Level.WARN));
        if (document.tree().has("alerts") && stands.isPresent() && stands.get().compareTo(after.multipliedBy(2)) < 0) {
            complaints.add(
                    document.valueAt("/watch/stands"),
                    "what a counter warns of would be over before it is told",
                    "watch.stands must be at least twice alerts.after.warn, which is 5m if left out");
        }
    }

    private Optional<Duration> span(String pointer) {
        String text = document.tree().at(pointer).asString("");
        return text.matches("[0-9]{1,5}[smhd]") ? Optional.of(CharterReader.span(text)) : Optional.empty();
    }

    private void receiver(String name) {
        String pointer = YamlDocument.child("/alerts/receivers", name);
        JsonNode node = document.tree().at(pointer);
        if (!node.isObject()) {
            return;
        }
        if (KINDS.stream().filter(node::has).count() != 1) {
            complaints.add(
                    document.keyAt(pointer),
                    "alerts.receivers." + name + " must be exactly one of email, webhook and slack",
                    "give each way of telling a receiver of its own");
        }
        Stream.of("/webhook/url", "/webhook/secret", "/slack/url", "/email/smtp/password")
                .forEach(key -> names.providers(pointer + key));
        JsonNode smtp = node.path("email").path("smtp");
        if (smtp.path("tls").asString("").equals("none") && smtp.has("password")) {
            complaints.add(
                    document.keyAt(pointer + "/email/smtp/password"),
                    "alerts.receivers." + name + " would send its password unencrypted",
                    "write 'tls: starttls', or leave user and password out");
        }
    }

    private void positive(String pointer) {
        if (document.tree().at(pointer).asString("").matches("0+[smhd]")) {
            complaints.add(
                    document.valueAt(pointer),
                    SchemaCheck.path(pointer) + " must be longer than nothing",
                    "write \"1m\" or more");
        }
    }
}
