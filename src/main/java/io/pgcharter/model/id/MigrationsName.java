package io.pgcharter.model.id;

import com.fasterxml.jackson.annotation.JsonValue;

/// Some migrations in one place, as the charter names them.
///
/// @param text lower-case letters, digits, `-` and `_`, beginning with a letter, at most 63 characters
public record MigrationsName(@JsonValue String text) implements Comparable<MigrationsName> {
    public MigrationsName {
        CharterName.require(text);
    }

    @Override
    public int compareTo(MigrationsName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
