package io.pgcharter.model.id;

import com.fasterxml.jackson.annotation.JsonValue;

/// A connection pooler as the charter names it.
///
/// @param text lower-case letters, digits, `-` and `_`, beginning with a letter, at most 63 characters
public record PoolerName(@JsonValue String text) implements Comparable<PoolerName> {
    public PoolerName {
        CharterName.require(text);
    }

    @Override
    public int compareTo(PoolerName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
