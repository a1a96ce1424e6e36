package io.pgcharter.model.id;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// One run of one operation: 12 lower-case hexadecimal digits, chosen at random.
public record RunId(@JsonValue String text) {
    private static final Pattern RULE = Pattern.compile("[0-9a-f]{12}");

    public RunId {
        if (!RULE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a run id: '" + text + "'");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
