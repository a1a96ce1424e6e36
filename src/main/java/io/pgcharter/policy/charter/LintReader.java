package io.pgcharter.policy.charter;

import io.pgcharter.policy.charter.LintPlan.FailOn;
import io.pgcharter.policy.charter.LintPlan.Names;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Turns the section `lint` of a tree without errors into a [LintPlan].
final class LintReader {
    private final JsonNode section;

    LintReader(YamlDocument document) {
        this.section = document.tree().path("lint");
    }

    LintPlan read() {
        Map<String, String> off = new LinkedHashMap<>();
        section.path("off")
                .properties()
                .forEach(rule -> off.put(rule.getKey(), rule.getValue().stringValue()));
        List<String> schemas = new ArrayList<>();
        section.path("row-level-security").forEach(schema -> schemas.add(schema.stringValue()));
        Set<Names> names = EnumSet.noneOf(Names.class);
        section.path("names")
                .forEach(name -> names.add(Names.valueOf(
                        name.stringValue().toUpperCase(Locale.ROOT).replace('-', '_'))));
        return new LintPlan(
                FailOn.valueOf(section.path("fail-on").asString("error").toUpperCase(Locale.ROOT)),
                off,
                schemas,
                names,
                section.path("version").asInt(LintPlan.VERSION_DEFAULT));
    }
}
