package io.pgcharter.engine.journal;

import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Actor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One entry of the journal.
///
/// @param sequence position, from 1, without gaps
/// @param operation, details JSON texts
public record Entry(
        long sequence, Instant time, Step step, RunId run, String verb, String operation, Actor actor, String details) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// The bytes that are hashed: JSON with sorted keys, without spaces, all values strings (so that RFC 8785 has no
    /// numbers to normalise), in UTF-8.
    byte[] leaf() {
        TreeMap<String, String> fields = new TreeMap<>();
        fields.put("sequence", Long.toString(sequence));
        fields.put("time", time.toString());
        fields.put("step", step.name());
        fields.put("run", run.text());
        fields.put("verb", verb);
        fields.put("operation", operation);
        fields.put("person", actor.person());
        fields.put("as", actor.environment().map(EnvironmentName::text).orElse(""));
        fields.put("details", details);
        return JSON.writeValueAsString(fields).getBytes(StandardCharsets.UTF_8);
    }

    /// @throws IllegalArgumentException if the bytes are no leaf
    static Entry of(byte[] leaf) {
        try {
            JsonNode fields = JSON.readTree(leaf);
            String environment = fields.path("as").asString();
            return new Entry(
                    Long.parseLong(fields.path("sequence").asString()),
                    Instant.parse(fields.path("time").asString()),
                    Step.valueOf(fields.path("step").asString()),
                    new RunId(fields.path("run").asString()),
                    fields.path("verb").asString(),
                    fields.path("operation").asString(),
                    new Actor(
                            fields.path("person").asString(),
                            environment.isEmpty() ? Optional.empty() : Optional.of(new EnvironmentName(environment))),
                    fields.path("details").asString());
        } catch (JacksonException | java.time.DateTimeException e) {
            throw new IllegalArgumentException("not an entry of the journal", e);
        }
    }
}
