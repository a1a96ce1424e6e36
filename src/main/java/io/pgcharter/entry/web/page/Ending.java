package io.pgcharter.entry.web.page;

import io.pgcharter.entry.terminal.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How a run ended, in words.
///
/// @param facts what its report says; lists are counted
/// @param trouble why it failed
public record Ending(List<Fact> facts, Optional<Trouble> trouble) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Ending NOTHING = new Ending(List.of(), Optional.empty());

    public Ending {
        facts = List.copyOf(facts);
    }

    /// @param json the `ending` of a run: an object with the report's fields, or a problem with `code`, `fact`, `cause`
    ///     and `remedy`, either by itself or as `report` and `problem`
    public static Ending of(Optional<String> json) {
        if (json.isEmpty()) {
            return NOTHING;
        }
        try {
            JsonNode node = JSON.readTree(json.get());
            JsonNode problem = node.path("problem").isObject() ? node.path("problem") : node;
            if (problem.path("code").isString() && problem.path("fact").isString()) {
                return new Ending(
                        List.of(),
                        Optional.of(new Trouble(
                                text(problem, "code"),
                                text(problem, "fact"),
                                text(problem, "cause"),
                                text(problem, "remedy"))));
            }
            return new Ending(facts(node.path("report").isObject() ? node.path("report") : node), Optional.empty());
        } catch (JacksonException e) {
            // What an older version wrote in another shape says nothing; the run's line still does.
            return NOTHING;
        }
    }

    private static List<Fact> facts(JsonNode report) {
        List<Fact> facts = new ArrayList<>();
        report.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (value.isArray()) {
                facts.add(new Fact(label(name), Figures.count(value.size())));
            } else if (value.isNumber() && name.endsWith("Bytes")) {
                facts.add(new Fact(label(name.substring(0, name.length() - 5)), Figures.size(value.asLong())));
            } else if (value.isNumber() && name.endsWith("Millis")) {
                facts.add(new Fact(label(name.substring(0, name.length() - 6)), Figures.duration(value.asLong())));
            } else if (value.isIntegralNumber()) {
                facts.add(new Fact(label(name), Figures.count(value.asLong())));
            } else if (value.isBoolean()) {
                facts.add(new Fact(label(name), value.asBoolean() ? "yes" : "no"));
            } else if (value.isString() || value.isNumber()) {
                facts.add(new Fact(label(name), value.asString()));
            }
        });
        return facts;
    }

    /// `Largest table` of `largestTable`.
    private static String label(String name) {
        String words = name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
        return words.isEmpty() ? "Value" : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).isString() ? node.path(name).stringValue() : "";
    }

    /// One thing that a report says.
    public record Fact(String label, String value) {}
}
