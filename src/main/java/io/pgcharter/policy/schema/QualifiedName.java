package io.pgcharter.policy.schema;

import java.util.ArrayList;
import java.util.List;

/// A name of SQL taken apart: `"a.b".c` has the parts `"a.b"` and `c`, quotes kept.
record QualifiedName(List<String> parts) {
    QualifiedName {
        parts = List.copyOf(parts);
    }

    static QualifiedName of(String text) {
        return new QualifiedName(split(text, "."));
    }

    /// What stands between separators that are not inside double quotes.
    static List<String> split(String text, String separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) == '"') {
                quoted = !quoted;
            } else if (!quoted && text.startsWith(separator, at)) {
                parts.add(text.substring(start, at));
                start = at + separator.length();
                at = start - 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    /// The parts without their quotes.
    List<String> bare() {
        return parts.stream()
                .map(part -> part.startsWith("\"")
                        ? part.substring(1, part.length() - 1).replace("\"\"", "\"")
                        : part)
                .toList();
    }

    String last() {
        return parts.getLast();
    }

    /// All but the last: of a column its table.
    String owner() {
        return String.join(".", parts.subList(0, parts.size() - 1));
    }
}
