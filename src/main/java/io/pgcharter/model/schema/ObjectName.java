package io.pgcharter.model.schema;

import java.util.Comparator;

/// Which object: its kind and its name in SQL, qualified with its schema (and its table) and quoted where SQL needs
/// quotes. Sorted by kind, then by name.
public record ObjectName(ObjectKind kind, String text) implements Comparable<ObjectName> {
    private static final Comparator<ObjectName> ORDER =
            Comparator.comparing(ObjectName::kind).thenComparing(ObjectName::text);

    public ObjectName {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an object has a name");
        }
    }

    @Override
    public int compareTo(ObjectName other) {
        return ORDER.compare(this, other);
    }

    /// `table public.users`.
    @Override
    public String toString() {
        return kind.words() + " " + text;
    }
}
