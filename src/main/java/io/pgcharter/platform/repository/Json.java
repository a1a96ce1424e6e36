package io.pgcharter.platform.repository;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON as restic keeps it. Reading throws Jackson's `JacksonException` on text that is no JSON.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final int TEXT_BYTES = 8 * 1024;

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    static JsonNode read(byte[] json) {
        return MAPPER.readTree(json);
    }

    static JsonParser parser(byte[] json, int length) {
        return MAPPER.createParser(json, 0, length);
    }

    static byte[] write(Consumer<JsonGenerator> content) {
        Text text = new Text(TEXT_BYTES);
        text.write(content);
        return text.toByteArray();
    }

    /// JSON that grows, and can be had without a copy: a directory of a large backup has 67 MB of it.
    static final class Text extends ByteArrayOutputStream {
        /// @param expectedBytes how long it is likely to become
        Text(int expectedBytes) {
            super(expectedBytes);
        }

        void write(Consumer<JsonGenerator> content) {
            try (JsonGenerator generator = MAPPER.createGenerator(this)) {
                content.accept(generator);
            }
        }

        /// The bytes, and behind [#size] of them anything.
        byte[] buffer() {
            return buf;
        }
    }
}
