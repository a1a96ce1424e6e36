package io.pgcharter.policy.charter;

import io.pgcharter.model.alert.Receiver;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.policy.charter.AlertPlan.DeadMan;
import io.pgcharter.policy.charter.AlertPlan.Pace;
import io.pgcharter.policy.charter.AlertPlan.QuietHours;
import io.pgcharter.policy.charter.AlertPlan.Route;
import io.pgcharter.policy.charter.AlertPlan.Success;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Reads the section `alerts` of a tree that holds no error any more.
final class AlertReader {
    private static final Duration DEAD_MAN_DEFAULT = Duration.ofMinutes(1);

    private final YamlDocument document;
    private final JsonNode section;
    private final UnaryOperator<String> absolute;

    /// @param absolute makes a path of the charter absolute
    AlertReader(YamlDocument document, UnaryOperator<String> absolute) {
        this.document = document;
        this.section = document.tree().path("alerts");
        this.absolute = absolute;
    }

    AlertPlan read() {
        if (section.isMissingNode()) {
            return AlertPlan.NONE;
        }
        Map<String, Receiver> receivers = new LinkedHashMap<>();
        section.path("receivers").forEachEntry((name, node) -> receivers.put(name, receiver(node)));
        return new AlertPlan(receivers, routes(), pace(), success(receivers.keySet()), deadMan());
    }

    private Receiver receiver(JsonNode node) {
        if (node.has("email")) {
            JsonNode email = node.path("email");
            return new Receiver.Email(
                    List.copyOf(texts(email.path("to"))), email.path("from").stringValue(), smtp(email.path("smtp")));
        }
        if (node.has("slack")) {
            JsonNode slack = node.path("slack");
            return new Receiver.Slack(secret(slack, "url"), authorities(slack));
        }
        JsonNode webhook = node.path("webhook");
        return new Receiver.Webhook(
                secret(webhook, "url"),
                webhook.has("secret") ? Optional.of(secret(webhook, "secret")) : Optional.empty(),
                authorities(webhook));
    }

    private Receiver.Smtp smtp(JsonNode node) {
        Receiver.Tls tls = switch (node.path("tls").asString("starttls")) {
            case "starttls" -> Receiver.Tls.STARTTLS;
            case "tls" -> Receiver.Tls.TLS;
            case "none" -> Receiver.Tls.NONE;
            default -> throw new IllegalStateException("the schema lets an unknown word for tls pass");
        };
        int usual = switch (tls) {
            case STARTTLS -> 587;
            case TLS -> 465;
            case NONE -> 25;
        };
        Optional<Receiver.Login> login = node.has("user")
                ? Optional.of(new Receiver.Login(node.path("user").stringValue(), secret(node, "password")))
                : Optional.empty();
        return new Receiver.Smtp(
                node.path("host").stringValue(), node.path("port").asInt(usual), tls, login, authorities(node));
    }

    private List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (JsonNode node : section.path("routes")) {
            JsonNode when = node.path("when");
            routes.add(new Route(
                    texts(node.path("to")),
                    when.path("level").asString("warn").equals("crit") ? Level.CRIT : Level.WARN,
                    names(when.path("environment"), EnvironmentName::new),
                    names(when.path("database"), DatabaseName::new),
                    texts(when.path("check")),
                    document.keyAt("/alerts/routes/" + routes.size()).line()));
        }
        return routes;
    }

    private Pace pace() {
        Map<Level, Duration> after = new EnumMap<>(Level.class);
        for (Level level : List.of(Level.UNKNOWN, Level.WARN, Level.CRIT)) {
            String key = level.name().toLowerCase(Locale.ROOT);
            after.put(level, time(section.path("after"), key, Pace.DEFAULT.after(level)));
        }
        return new Pace(
                after,
                time(section, "clear-after", Pace.DEFAULT.clearAfter()),
                time(section, "flapping", Pace.DEFAULT.flapping()),
                time(section, "group-for", Pace.DEFAULT.groupFor()),
                time(section, "repeat", Pace.DEFAULT.repeat()),
                time(section, "silent-after", Pace.DEFAULT.silentAfter()),
                quietHours());
    }

    private Optional<QuietHours> quietHours() {
        JsonNode node = section.path("quiet-hours");
        return node.isMissingNode()
                ? Optional.empty()
                : Optional.of(new QuietHours(
                        LocalTime.parse(node.path("from").stringValue()),
                        LocalTime.parse(node.path("to").stringValue()),
                        ZoneId.of(node.path("timezone").asString("UTC"))));
    }

    private Optional<Success> success(Set<String> all) {
        JsonNode node = section.path("success");
        return node.isMissingNode()
                ? Optional.empty()
                : Optional.of(new Success(texts(node.path("of")), node.has("to") ? texts(node.path("to")) : all));
    }

    private Optional<DeadMan> deadMan() {
        JsonNode node = section.path("dead-man");
        return node.isMissingNode()
                ? Optional.empty()
                : Optional.of(
                        new DeadMan(secret(node, "url"), time(node, "every", DEAD_MAN_DEFAULT), authorities(node)));
    }

    private static Duration time(JsonNode node, String key, Duration otherwise) {
        return node.has(key) ? CharterReader.span(node.path(key).stringValue()) : otherwise;
    }

    private Optional<String> authorities(JsonNode node) {
        return node.has("ca") ? Optional.of(absolute.apply(node.path("ca").stringValue())) : Optional.empty();
    }

    private static SecretText secret(JsonNode node, String key) {
        return new SecretText(node.path(key).stringValue());
    }

    private static <N> Set<N> names(JsonNode array, Function<String, N> name) {
        return texts(array).stream().map(name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        for (JsonNode item : array) {
            texts.add(item.stringValue());
        }
        return texts;
    }
}
