package io.pgcharter.policy.charter;

import io.pgcharter.policy.check.Check;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Judging.Thresholds;
import io.pgcharter.policy.check.Judging.Worse;
import io.pgcharter.policy.check.Standards;
import io.pgcharter.policy.check.Standards.Adjustment;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What a schema cannot say of the section `watch`: that checks and databases exist, that thresholds make sense
/// together.
final class WatchCheck {
    private static final String CHECKS = "/watch/checks";
    private static final String DATABASES = "/watch/databases";

    private final YamlDocument document;
    private final Complaints complaints;

    WatchCheck(YamlDocument document, Complaints complaints) {
        this.document = document;
        this.complaints = complaints;
    }

    void check(Set<String> databases) {
        if (!document.tree().path("watch").isObject()) {
            return;
        }
        for (String name : document.tree().at(DATABASES).propertyNames()) {
            if (!databases.contains(name)) {
                complaints.add(
                        document.keyAt(YamlDocument.child(DATABASES, name)),
                        "unknown database " + Wording.quoted(name) + Wording.instead(name, databases),
                        "databases has " + Wording.listed(databases));
            }
        }
        JsonNode checks = document.tree().at(CHECKS);
        for (String id : checks.propertyNames()) {
            Position position = document.keyAt(YamlDocument.child(CHECKS, id));
            if (isKnown(id, position)) {
                thresholds(Published.CHECKS.check(id), checks.path(id), position);
            }
        }
        waivers();
    }

    private boolean isKnown(String id, Position position) {
        if (Published.CHECKS.ids().contains(id)) {
            return true;
        }
        complaints.add(
                position,
                "unknown check " + Wording.quoted(id)
                        + Wording.nearest(id, Published.CHECKS.ids())
                                .map(near -> " — did you mean \"" + near + "\"?")
                                .orElse(""),
                "docs/checks.md lists all checks");
        return false;
    }

    private void thresholds(Check check, JsonNode node, Position position) {
        OptionalDouble warn = threshold(node, "warn");
        OptionalDouble crit = threshold(node, "crit");
        if (warn.isEmpty() && crit.isEmpty()) {
            return;
        }
        Optional<Thresholds> own = check.judging().limits();
        if (own.isEmpty()) {
            complaints.add(
                    position,
                    "the check " + Wording.quoted(check.id()) + " has no thresholds",
                    "leave warn and crit out; 'enabled: false' turns it off, a waiver lets one finding be");
            return;
        }
        Thresholds adjusted = new Standards(Map.of(check.id(), new Adjustment(true, warn, crit)), List.of())
                .thresholds(check, own.get());
        if (adjusted.warn().isPresent() && adjusted.crit().isPresent()) {
            boolean isHigher = check.judging().worse() == Worse.HIGHER;
            double first =
                    isHigher ? adjusted.warn().getAsDouble() : adjusted.crit().getAsDouble();
            double then =
                    isHigher ? adjusted.crit().getAsDouble() : adjusted.warn().getAsDouble();
            if (first > then) {
                complaints.add(
                        position,
                        "the check " + Wording.quoted(check.id()) + " would be critical before it warns",
                        "its warn is " + plain(adjusted.warn().getAsDouble()) + " and its crit "
                                + plain(adjusted.crit().getAsDouble()) + ": set both");
            }
        }
    }

    private static OptionalDouble threshold(JsonNode node, String key) {
        JsonNode number = node.path(key);
        return number.isIntegralNumber() ? OptionalDouble.of((double) number.asLong()) : OptionalDouble.empty();
    }

    private static String plain(double number) {
        return Math.rint(number) == number ? Long.toString((long) number) : Double.toString(number);
    }

    private void waivers() {
        JsonNode waivers = document.tree().path("watch").path("waivers");
        for (int index = 0; waivers.isArray() && index < waivers.size(); index++) {
            String pointer = "/watch/waivers/" + index;
            JsonNode check = waivers.get(index).path("check");
            if (check.isString()) {
                isKnown(check.stringValue(), document.valueAt(pointer + "/check"));
            }
            String until = waivers.get(index).path("until").asString("");
            try {
                if (until.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
                    LocalDate.parse(until);
                }
            } catch (DateTimeException _) {
                complaints.add(
                        document.valueAt(pointer + "/until"),
                        SchemaCheck.path(pointer + "/until") + " is " + Wording.quoted(until)
                                + ", a day that no calendar has",
                        "write a day that there is");
            }
        }
    }

    /// Read once, when the first charter that has a section `watch` is; they never change.
    private static final class Published {
        static final Checkbook CHECKS = Checkbook.published();

        private Published() {}
    }
}
