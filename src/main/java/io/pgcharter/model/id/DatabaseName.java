package io.pgcharter.model.id;

import com.fasterxml.jackson.annotation.JsonValue;
/// A database as the charter names it; not the name PostgreSQL knows it by.
///
/// @param text lower-case letters, digits, `-` and `_`, beginning with a letter, at most 63 characters

public record DatabaseName(@JsonValue String text) implements Comparable<DatabaseName> {
    public DatabaseName {
        CharterName.require(text);
    }

    @Override
    public int compareTo(DatabaseName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
