package io.pgcharter.policy.charter;

import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.policy.charter.SeedPlan.Kind;
import io.pgcharter.policy.charter.SeedPlan.Load;
import io.pgcharter.policy.charter.SeedPlan.Recipe;
import io.pgcharter.policy.charter.SeedPlan.State;
import io.pgcharter.policy.charter.SeedPlan.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// Turns the section `seeds` of a tree without errors into a [SeedPlan].
final class SeedReader {
    private final YamlDocument document;
    private final UnaryOperator<String> absolute;

    /// @param absolute makes a path of the charter absolute
    SeedReader(YamlDocument document, UnaryOperator<String> absolute) {
        this.document = document;
        this.absolute = absolute;
    }

    SeedPlan read() {
        Map<EnvironmentName, Map<String, State>> all = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> environment :
                document.tree().path("seeds").properties()) {
            String pointer = YamlDocument.child("/seeds", environment.getKey());
            Map<String, State> states = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> state : environment.getValue().properties()) {
                int line = document.keyAt(YamlDocument.child(pointer, state.getKey()))
                        .line();
                List<Load> loads = new ArrayList<>();
                state.getValue().forEach(load -> loads.add(load(load)));
                states.put(state.getKey(), new State(state.getKey(), loads, line));
            }
            all.put(new EnvironmentName(environment.getKey()), states);
        }
        return new SeedPlan(all);
    }

    private Load load(JsonNode node) {
        if (node.isString()) {
            return new Load.Sql(absolute.apply(node.stringValue()));
        }
        if (node.has("csv")) {
            return new Load.Csv(
                    absolute.apply(node.path("csv").stringValue()),
                    Table.of(node.path("into").stringValue()));
        }
        Map<String, Recipe> columns = new LinkedHashMap<>();
        node.path("columns").properties().forEach(column -> columns.put(column.getKey(), recipe(column.getValue())));
        return new Load.Made(
                Table.of(node.path("make").stringValue()), node.path("rows").asInt(), columns);
    }

    private static Recipe recipe(JsonNode node) {
        if (node.has("count-from")) {
            return new Recipe.Count(node.path("count-from").asLong());
        }
        if (node.has("one-of")) {
            List<String> texts = new ArrayList<>();
            node.path("one-of").forEach(text -> texts.add(text.asString()));
            return new Recipe.OneOf(texts);
        }
        if (node.has("between")) {
            return new Recipe.Between(
                    node.path("between").path(0).asString(),
                    node.path("between").path(1).asString());
        }
        if (node.has("of")) {
            String text = node.path("of").stringValue();
            int dot = text.lastIndexOf('.');
            return new Recipe.Of(Table.of(text.substring(0, dot)), text.substring(dot + 1));
        }
        return new Recipe.Like(
                Kind.valueOf(node.path("like").stringValue().replace('-', '_').toUpperCase(Locale.ROOT)));
    }
}
