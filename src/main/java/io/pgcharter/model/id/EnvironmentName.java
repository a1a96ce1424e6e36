package io.pgcharter.model.id;

import com.fasterxml.jackson.annotation.JsonValue;
/// An environment of the charter, such as production.
///
/// @param text lower-case letters, digits, `-` and `_`, beginning with a letter, at most 63 characters

public record EnvironmentName(@JsonValue String text) implements Comparable<EnvironmentName> {
    public EnvironmentName {
        CharterName.require(text);
    }

    @Override
    public int compareTo(EnvironmentName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
