package io.pgcharter.policy.lint;

import io.pgcharter.model.operation.LintFinding.Severity;
import java.util.List;

/// What a person has to know of a rule. Manual and tests are made of it.
///
/// @param name in kebab-case; suppressions and the charter name it, so it stays
/// @param severity on a table of unknown size
/// @param detects what it looks for, such as "CREATE INDEX without CONCURRENTLY"
/// @param why it hurts: a sentence
/// @param safeWay what to do instead: a sentence
/// @param bad SQL that it speaks of; lines of [#NEXT_FILE] part the files of a set
/// @param good SQL that it does not speak of, that does the same
public record Card(
        String name, Severity severity, String detects, String why, String safeWay, String bad, String good) {
    /// Parts the files of an example.
    public static final String NEXT_FILE = "-- next file\n";

    public Card {
        if (!name.matches("[a-z]+(-[a-z]+)*")) {
            throw new IllegalArgumentException("not a rule's name: " + name);
        }
    }

    /// The texts of an example's files, in order.
    public static List<String> files(String example) {
        return List.of(example.split(NEXT_FILE, -1));
    }
}
