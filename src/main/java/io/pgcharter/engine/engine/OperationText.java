package io.pgcharter.engine.engine;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Operations and reports as JSON with a fixed order of keys: equal values have equal text.
final class OperationText {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .addMixIn(Operation.class, Named.class)
            .build();

    private OperationText() {}

    /// Writes which operation it is: `{"operation":"Backup",…}`.
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "operation")
    private interface Named {}

    /// The first operation's text takes longer than the others.
    static void prepare() {
        String unused = of(new Operation.Status(new DatabaseName("none")));
    }

    static String of(Object value) {
        return JSON.writeValueAsString(value);
    }

    static String of(Operation operation) {
        return JSON.writerFor(Operation.class).writeValueAsString(operation);
    }

    static Operation operation(String text) {
        return JSON.readValue(text, Operation.class);
    }

    static List<RunStep> steps(String text) {
        return List.of(JSON.readValue(text, RunStep[].class));
    }

    /// What an approval is bound to: SHA-256 of the operation's text, in hexadecimal digits.
    static String hash(Operation operation) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(of(operation).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
