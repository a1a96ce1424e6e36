package io.pgcharter.policy.charter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what is wrong with one charter, so that all of it can be told at once. Not thread-safe.
final class Complaints {
    /// More than this helps nobody; the last one then says that there are more.
    static final int ERRORS_MAX = 100;

    private final String file;
    private final List<CharterError> errors = new ArrayList<>();

    Complaints(String file) {
        this.file = file;
    }

    void add(Position position, String message, String remedy) {
        errors.add(new CharterError(file, position.line(), position.column(), message, remedy));
    }

    boolean isEmpty() {
        return errors.isEmpty();
    }

    /// In the order of the text, each once, at most [#ERRORS_MAX].
    List<CharterError> inOrder() {
        List<CharterError> sorted = errors.stream()
                .distinct()
                .sorted(Comparator.comparingInt(CharterError::line).thenComparingInt(CharterError::column))
                .toList();
        if (sorted.size() <= ERRORS_MAX) {
            return sorted;
        }
        List<CharterError> shown = new ArrayList<>(sorted.subList(0, ERRORS_MAX - 1));
        CharterError next = sorted.get(ERRORS_MAX - 1);
        int left = sorted.size() - shown.size();
        shown.add(new CharterError(
                file, next.line(), next.column(), "and " + left + " more errors from here on", "mend these first"));
        return List.copyOf(shown);
    }
}
