package io.pgcharter.model.id;

import com.fasterxml.jackson.annotation.JsonValue;
/// A repository as the charter names it.
///
/// @param text lower-case letters, digits, `-` and `_`, beginning with a letter, at most 63 characters

public record RepositoryName(@JsonValue String text) implements Comparable<RepositoryName> {
    public RepositoryName {
        CharterName.require(text);
    }

    @Override
    public int compareTo(RepositoryName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
