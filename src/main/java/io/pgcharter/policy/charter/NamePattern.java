package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Names of things in databases, as keys of the charter have them: `payments.users.email`. The first part is a
/// database of the charter, the others are names as PostgreSQL's catalogs have them, without quotes; `*` stands for any
/// text within a part. A schema that is left out is `public`.
///
/// @param parts the database, then the schema, then what is in it, as far as the thing has them
public record NamePattern(List<String> parts) {
    /// Stands for every name there is, where a pattern is asked whether it holds for all.
    public static final String ALL = "*";

    private static final String SCHEMA_DEFAULT = "public";

    public NamePattern {
        parts = List.copyOf(parts);
    }

    /// @param names how many a thing has below its database: 3 for schema, table and column
    static NamePattern of(String key, int names) {
        List<String> parts = new ArrayList<>(Arrays.asList(key.split("\\.", -1)));
        if (names > 1 && parts.size() == names) {
            parts.add(1, SCHEMA_DEFAULT);
        }
        return new NamePattern(parts);
    }

    /// The key that means just this thing.
    public static String key(DatabaseName database, String schema, String... names) {
        String below = String.join(".", names);
        return database + "." + (schema.equals(SCHEMA_DEFAULT) ? "" : schema + ".") + below;
    }

    public boolean isOf(DatabaseName database) {
        return matches(parts.getFirst(), database.text());
    }

    /// Whether it holds for a thing of a database.
    ///
    /// @param names of the thing, its schema first; [#ALL] in the place of a name asks whether it holds for each
    public boolean fits(DatabaseName database, List<String> names) {
        if (parts.size() != names.size() + 1 || !isOf(database)) {
            return false;
        }
        for (int part = 1; part < parts.size(); part++) {
            if (!matches(parts.get(part), names.get(part - 1))) {
                return false;
            }
        }
        return true;
    }

    /// In how many parts `*` leaves something open: of two patterns that fit, the one with fewer was more exact.
    int openParts() {
        return (int) parts.stream().filter(part -> part.contains(ALL)).count();
    }

    /// Whether a text is what a part stands for.
    static boolean matches(String part, String text) {
        return part.equals(text)
                || (part.contains(ALL)
                        && Pattern.matches(
                                Arrays.stream(part.split("\\*", -1))
                                        .map(Pattern::quote)
                                        .collect(Collectors.joining(".*")),
                                text));
    }

    @Override
    public String toString() {
        return String.join(".", parts);
    }
}
