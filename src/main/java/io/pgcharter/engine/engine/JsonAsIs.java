package io.pgcharter.engine.engine;

import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/// Writes a text that is JSON already as what it is.
final class JsonAsIs extends ValueSerializer<Optional<String>> {
    @Override
    public void serialize(Optional<String> json, JsonGenerator out, SerializationContext context) {
        if (json.isPresent()) {
            out.writeRawValue(json.get());
        } else {
            out.writeNull();
        }
    }
}
