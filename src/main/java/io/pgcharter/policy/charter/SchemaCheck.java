package io.pgcharter.policy.charter;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Holds a tree against the published schema (JSON Schema 2020-12), and says in a person's words where it differs.
/// Thread-safe.
final class SchemaCheck {
    private static final String RESOURCE = "charter.schema.json";

    private final Schema schema;

    private SchemaCheck(Schema schema) {
        this.schema = schema;
    }

    /// Reads the schema that is published with the program.
    static SchemaCheck published() {
        return new SchemaCheck(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schemaText(), InputFormat.JSON));
    }

    static String schemaText() {
        try (InputStream resource = SchemaCheck.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("the program lacks its resource " + RESOURCE);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException("cannot read the program's resource " + RESOURCE, broken);
        }
    }

    void check(YamlDocument document, Complaints complaints) {
        for (Error error : schema.validate(document.tree())) {
            complain(error, document, complaints);
        }
    }

    private void complain(Error error, YamlDocument document, Complaints complaints) {
        String pointer = pointer(error.getInstanceLocation());
        JsonNode rules = parentOf(error);
        JsonNode found = document.tree().at(pointer);
        String property = String.valueOf(error.getProperty());
        String path = path(pointer);
        Position key = document.keyAt(pointer);
        Position value = document.valueAt(pointer);
        switch (error.getKeyword()) {
            case "additionalProperties" -> {
                List<String> known = keysOf(rules.path("properties"));
                complaints.add(
                        document.keyAt(YamlDocument.child(pointer, property)),
                        "unknown key " + Wording.quoted(property) + " in " + path + Wording.instead(property, known),
                        "the keys here are " + Wording.listed(known));
            }
            case "required" ->
                complaints.add(
                        key,
                        path + " lacks the key \"" + property + "\"",
                        "add '" + property + ": …': "
                                + description(rules.path("properties").path(property)));
            case "dependentRequired" -> dependent(rules, found, key, path, complaints);
            case "type" -> {
                String wanted = rules.path("type").asString("");
                complaints.add(
                        value,
                        path + " must be " + kind(wanted) + ", not " + kind(found),
                        remedyForType(wanted, found));
            }
            case "const" -> complaints.add(value, path + " must be 1", "write 'charter: 1'");
            case "enum" -> {
                List<String> choices = textsOf(rules.path("enum"));
                String word = found.isString() ? found.stringValue() : kind(found);
                complaints.add(
                        value,
                        path + " is " + (found.isString() ? Wording.quoted(word) : word)
                                + Wording.instead(word, choices),
                        "write one of " + Wording.listed(choices)
                                + (choices.contains("allow") ? ", or {approvals: 1, role: …}" : ""));
            }
            case "pattern" -> {
                Mistake mistake = Mistake.in(definitionOf(error), found.asString(""), path);
                complaints.add(value, mistake.message(), mistake.remedy());
            }
            case "propertyNames" ->
                complaints.add(
                        document.keyAt(YamlDocument.child(pointer, property)),
                        "the name " + Wording.quoted(property) + " in " + path + " does not follow the rule for names",
                        Mistake.nameRule(
                                rules.path("propertyNames").path("$ref").asString("")));
            case "minimum", "maximum" ->
                complaints.add(
                        value,
                        path + " must be between " + rules.path("minimum").asLong() + " and "
                                + rules.path("maximum").asLong(),
                        "choose a number in that range");
            case "minItems", "minProperties" ->
                complaints.add(key, path + " is empty", "name at least one, or leave it out");
            case "uniqueItems" -> complaints.add(key, path + " names the same thing twice", "remove the second one");
            // The schema uses no other keyword that can fail; a new one is told plainly until it has words of its own.
            default ->
                complaints.add(value, path + " breaks the rule '" + error.getKeyword() + "'", description(rules));
        }
    }

    /// Keys that say something only together.
    private void dependent(JsonNode rules, JsonNode found, Position key, String path, Complaints complaints) {
        rules.path("dependentRequired").forEachEntry((present, needed) -> {
            for (String missing : textsOf(needed)) {
                if (found.has(present) && !found.has(missing)) {
                    complaints.add(
                            key,
                            path + " has the key \"" + present + "\" and lacks the key \"" + missing + "\"",
                            "add '" + missing + ": …': "
                                    + description(rules.path("properties").path(missing)));
                }
            }
        });
    }

    private static String remedyForType(String wanted, JsonNode found) {
        if (found.isNull()) {
            return wanted.equals("object") ? "write {} if there is nothing to say of it" : "give it a value";
        }
        return switch (wanted) {
            case "string" -> "put it in double quotes";
            case "boolean" -> "write true or false (YAML 1.2 knows no yes, no, on, off)";
            case "integer" -> "write a whole number without quotes";
            case "array" -> "write a list: [one, two], or one '- item' a line";
            default -> "write 'key: value' lines below it, indented, or { key: value }";
        };
    }

    /// The part of the schema that holds the keyword that failed.
    private JsonNode parentOf(Error error) {
        NodePath fragment = error.getSchemaLocation().getFragment();
        JsonNode node = schema.getSchemaNode();
        for (int index = 0; index < fragment.getNameCount() - 1; index++) {
            Object element = fragment.getElement(index);
            node = element instanceof Integer number ? node.path(number) : node.path(String.valueOf(element));
        }
        return node;
    }

    /// The last word before the keyword: `url` for `#/$defs/url/pattern`.
    private static String definitionOf(Error error) {
        NodePath fragment = error.getSchemaLocation().getFragment();
        return String.valueOf(fragment.getElement(fragment.getNameCount() - 2));
    }

    private static String pointer(NodePath location) {
        String pointer = "";
        for (int index = 0; index < location.getNameCount(); index++) {
            pointer = YamlDocument.child(pointer, String.valueOf(location.getElement(index)));
        }
        return pointer;
    }

    /// `/flows/2/rule` as a person says it: `flows[2].rule`, where the first item is 1.
    static String path(String pointer) {
        StringBuilder path = new StringBuilder();
        for (String escaped : pointer.split("/", -1)) {
            String part = escaped.replace("~1", "/").replace("~0", "~");
            if (part.isEmpty()) {
                continue;
            }
            if (part.matches("[0-9]{1,6}")) {
                path.append('[').append(Integer.parseInt(part) + 1).append(']');
            } else {
                String shown = Wording.quoted(part);
                path.append(path.isEmpty() ? "" : ".")
                        .append(shown.startsWith("\"") ? shown.substring(1, shown.length() - 1) : shown);
            }
        }
        return path.isEmpty() ? "the charter" : path.toString();
    }

    private String description(JsonNode rules) {
        String reference = rules.path("$ref").asString("");
        JsonNode described = rules.has("description") || reference.isEmpty()
                ? rules
                : schema.getSchemaNode().at(reference.substring(1));
        return described.path("description").asString("see docs/charter.md");
    }

    private static List<String> keysOf(JsonNode object) {
        return List.copyOf(object.propertyNames());
    }

    private static List<String> textsOf(JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : array) {
            texts.add(item.asString(""));
        }
        return List.copyOf(texts);
    }

    private static String kind(String type) {
        return switch (type) {
            case "object" -> "a mapping (key: value)";
            case "array" -> "a list";
            case "boolean" -> "true or false";
            case "integer" -> "a whole number";
            default -> "text";
        };
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "a mapping";
            case ARRAY -> "a list";
            case BOOLEAN -> "true or false";
            case NUMBER -> node.isIntegralNumber() ? "a number" : "a fraction";
            case NULL, MISSING -> "empty";
            case STRING, BINARY, POJO -> "text";
        };
    }
}
