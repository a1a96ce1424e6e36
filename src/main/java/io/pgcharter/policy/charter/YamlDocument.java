package io.pgcharter.policy.charter;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The charter's text as a tree, with the position of every key and value. YAML 1.2, core schema, one document, without
/// what makes YAML hard to judge by eye: anchors, aliases, tags.
///
/// @param keys JSON pointer (RFC 6901) of a mapping's entry to the position of its key; of a list's item to the item's
/// @param values JSON pointer to the position where the value begins
record YamlDocument(JsonNode tree, Map<String, Position> keys, Map<String, Position> values) {
    /// A charter is a page or ten; more is a mistake or an attack.
    static final int LENGTH_MAX = 1 << 20;

    static final int DEPTH_MAX = 16;

    /// Of one key or value. Patterns are matched by recursion, so the length of what they see must be bounded.
    static final int SCALAR_LENGTH_MAX = 4096;

    private static final int INTEGER_DIGITS_MAX = 18;

    /// Larger than any number of a charter, and no integer; the validator can still make a `long` of it.
    private static final double OUT_OF_RANGE = 4e15 + 0.5;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// Reads `text`; what is wrong goes to `complaints`. Empty if there is no tree to look into any further.
    static Optional<YamlDocument> read(String text, Complaints complaints) {
        if (text.length() > LENGTH_MAX) {
            complaints.add(
                    Position.START,
                    "the charter is longer than 1 MiB",
                    "check that this is the file you meant to give");
            return Optional.empty();
        }
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(true)
                .setAllowNonScalarKeys(true)
                .setParseComments(false)
                .setCodePointLimit(LENGTH_MAX)
                .build();
        try {
            if (!isPlain(parser(settings, text), complaints)) {
                return Optional.empty();
            }
            Optional<Node> root = new Composer(settings, parser(settings, text)).getSingleNode();
            if (root.isEmpty()) {
                complaints.add(
                        Position.START,
                        "the charter is empty",
                        "begin with 'charter: 1', and see examples/finatrades/charter.yaml");
                return Optional.empty();
            }
            Builder builder = new Builder(complaints);
            JsonNode tree = builder.convert(root.get(), "");
            return Optional.of(new YamlDocument(tree, Map.copyOf(builder.keys), Map.copyOf(builder.values)));
        } catch (YamlEngineException problem) {
            complain(problem, text, complaints);
            return Optional.empty();
        }
    }

    /// Where an error about the thing at `pointer` is shown: its key, or its own place if it has none.
    Position keyAt(String pointer) {
        return keys.getOrDefault(pointer, valueAt(pointer));
    }

    Position valueAt(String pointer) {
        return values.getOrDefault(pointer, Position.START);
    }

    static String child(String pointer, String key) {
        return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
    }

    private static ParserImpl parser(LoadSettings settings, String text) {
        return new ParserImpl(settings, new StreamReader(settings, text));
    }

    /// Looks at the events before any tree is built, so that neither depth nor aliases can blow it up.
    private static boolean isPlain(Iterator<Event> events, Complaints complaints) {
        boolean plain = true;
        int depth = 0;
        int documents = 0;
        while (events.hasNext()) {
            Event event = events.next();
            Position position = event.getStartMark().map(Position::of).orElse(Position.START);
            Optional<String[]> complaint = complaintAbout(event);
            if (complaint.isPresent()) {
                complaints.add(position, complaint.get()[0], complaint.get()[1]);
                plain = false;
            }
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (depth > DEPTH_MAX) {
                complaints.add(position, "nested deeper than " + DEPTH_MAX + " levels", "no charter needs so many");
                return false;
            }
            documents += event instanceof DocumentStartEvent ? 1 : 0;
            if (documents > 1) {
                complaints.add(position, "a second document begins here", "keep one document: remove the '---'");
                return false;
            }
        }
        return plain;
    }

    /// Says nothing of the words themselves: an unquoted password may begin with `*`, `&` or `!`.
    private static Optional<String[]> complaintAbout(Event event) {
        String quote = "write the value out here; quote text that begins with '&', '*' or '!'";
        return switch (event) {
            case AliasEvent _ -> Optional.of(new String[] {"an alias (*name) is not accepted in a charter", quote});
            case NodeEvent node
            when node.getAnchor().isPresent() ->
                Optional.of(new String[] {"an anchor (&name) is not accepted in a charter", quote});
            case ScalarEvent scalar when scalar.getTag().isPresent() -> Optional.of(tagged(quote));
            case CollectionStartEvent start when start.getTag().isPresent() -> Optional.of(tagged(quote));
            case ScalarEvent scalar
            when scalar.getValue().length() > SCALAR_LENGTH_MAX ->
                Optional.of(new String[] {
                    "a text longer than " + SCALAR_LENGTH_MAX + " characters", "shorten it; put long SQL into a view"
                });
            default -> Optional.empty();
        };
    }

    private static String[] tagged(String quote) {
        return new String[] {"a tag (!name) is not accepted in a charter", quote};
    }

    /// The parser's own message may quote the text, which may hold a secret; so only its kind is passed on.
    private static void complain(YamlEngineException problem, String text, Complaints complaints) {
        switch (problem) {
            case MarkedYamlEngineException marked -> {
                Mark mark = marked.getProblemMark().or(marked::getContextMark).orElse(null);
                Position position = mark == null ? Position.START : Position.of(mark);
                String[] said = explained(marked, mark == null ? -1 : at(text, mark.getIndex()));
                complaints.add(position, said[0], said[1]);
            }
            case ReaderException unreadable ->
                complaints.add(
                        positionOf(text, unreadable.getPosition()),
                        "a character that YAML does not allow: U+" + "%04X".formatted(unreadable.getCodePoint()),
                        "remove it; save the file as UTF-8 text");
            default ->
                complaints.add(Position.START, "this is not YAML", "check the file with an editor that knows YAML");
        }
    }

    private static int at(String text, int index) {
        return index < text.codePointCount(0, text.length()) ? text.codePointAt(text.offsetByCodePoints(0, index)) : -1;
    }

    private static Position positionOf(String text, int index) {
        String before = text.substring(0, Math.clamp(index, 0, text.length()));
        int line = (int) before.chars().filter(letter -> letter == '\n').count() + 1;
        return new Position(line, before.length() - before.lastIndexOf('\n'));
    }

    private static String[] explained(MarkedYamlEngineException marked, int codePoint) {
        String problem = String.valueOf(marked.getProblem());
        if (codePoint == '\t') {
            return new String[] {"a tab where YAML expects spaces", "indent with spaces only"};
        }
        if (problem.startsWith("mapping values are not allowed")) {
            return new String[] {
                "a ':' where no key can stand", "indent keys of one mapping alike; quote text that holds ': '"
            };
        }
        if (problem.contains("could not find expected ':'")) {
            return new String[] {"a line that is neither 'key: value' nor '- item'", "add the ':' after the key"};
        }
        if (problem.contains("cannot start any token")) {
            return new String[] {"text that begins with a character YAML reserves", "put the value in double quotes"};
        }
        if (problem.contains("',' or '}'") || problem.contains("',' or ']'") || problem.contains("flow")) {
            return new String[] {
                "a '{' or '[' that is not closed properly, or text in it that needs quotes",
                "quote values such as \"${env:NAME}\" inside { } and [ ], and close every bracket"
            };
        }
        if (problem.contains("block end") || problem.contains("indent")) {
            return new String[] {
                "a line that is indented differently from the lines around it",
                "indent keys of one mapping alike, with spaces"
            };
        }
        return new String[] {
            "this is not YAML from here on", "look for a missing quote, bracket or ':' here or on the line above"
        };
    }

    /// Turns nodes into a JSON tree and notes where everything stands.
    private static final class Builder {
        private final Complaints complaints;
        private final Map<String, Position> keys = new HashMap<>();
        private final Map<String, Position> values = new HashMap<>();

        Builder(Complaints complaints) {
            this.complaints = complaints;
        }

        JsonNode convert(Node node, String pointer) {
            values.put(pointer, positionOf(node));
            return switch (node) {
                case MappingNode mapping -> mapping(mapping, pointer);
                case SequenceNode sequence -> sequence(sequence.getValue(), pointer);
                case ScalarNode scalar -> scalar(scalar);
                default -> throw new IllegalStateException("a node of type " + node.getNodeType());
            };
        }

        private ObjectNode mapping(MappingNode mapping, String pointer) {
            ObjectNode object = NODES.objectNode();
            for (NodeTuple entry : mapping.getValue()) {
                Position position = positionOf(entry.getKeyNode());
                if (!(entry.getKeyNode() instanceof ScalarNode scalar) || !Tag.STR.equals(scalar.getTag())) {
                    complaints.add(position, "a key that is not text", "write the key as a word, or put it in quotes");
                    continue;
                }
                String key = scalar.getValue();
                String place = child(pointer, key);
                Position first = keys.putIfAbsent(place, position);
                if (first != null) {
                    complaints.add(
                            position,
                            "the key " + Wording.quoted(key) + " stands here a second time, first in line "
                                    + first.line(),
                            "keep one of the two");
                    continue;
                }
                object.set(key, convert(entry.getValueNode(), place));
            }
            return object;
        }

        private ArrayNode sequence(List<Node> items, String pointer) {
            ArrayNode array = NODES.arrayNode(items.size());
            for (int index = 0; index < items.size(); index++) {
                array.add(convert(items.get(index), pointer + "/" + index));
            }
            return array;
        }

        private static JsonNode scalar(ScalarNode scalar) {
            String value = scalar.getValue();
            Tag tag = scalar.getTag();
            if (Tag.NULL.equals(tag)) {
                return NODES.nullNode();
            }
            if (Tag.BOOL.equals(tag)) {
                return NODES.booleanNode(value.equalsIgnoreCase("true"));
            }
            if (Tag.INT.equals(tag)) {
                // Whatever is longer is out of every range the charter knows; so are hexadecimal and octal numbers.
                boolean decimal = value.matches("[-+]?[0-9]{1," + INTEGER_DIGITS_MAX + "}");
                return NODES.numberNode(decimal ? Long.parseLong(value) : Long.MAX_VALUE);
            }
            if (Tag.FLOAT.equals(tag)) {
                // With the digits it is written with; what is no decimal number, such as .inf, is out of every range.
                boolean decimal = value.matches("[-+]?[0-9]{1,15}\\.[0-9]{0,30}");
                return decimal ? NODES.numberNode(new BigDecimal(value)) : NODES.numberNode(OUT_OF_RANGE);
            }
            return NODES.stringNode(value);
        }

        private static Position positionOf(Node node) {
            return node.getStartMark().map(Position::of).orElse(Position.START);
        }
    }
}
