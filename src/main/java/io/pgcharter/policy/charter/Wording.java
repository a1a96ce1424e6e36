package io.pgcharter.policy.charter;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How errors quote what the person wrote: never a URL or a password, and with the nearest thing that would be right.
final class Wording {
    /// What may be shown: short, and of no shape that a URL or a good password has.
    private static final Pattern HARMLESS =
            Pattern.compile("[A-Za-z0-9_. -]{1,63}|[a-z0-9_*-]{1,63}(\\.[A-Za-z0-9_* -]{1,63}){0,3}|aws:kms");

    private static final int SUGGESTION_LENGTH_MAX = 64;

    private Wording() {}

    /// The text in double quotes, or a stand-in if it might hold a secret.
    static String quoted(String text) {
        return HARMLESS.matcher(text).matches() ? '"' + text + '"' : "(not shown)";
    }

    /// ` — did you mean "x"?`, or `, expected one of …` when nothing is near.
    static String instead(String wanted, Collection<String> known) {
        Optional<String> nearest = nearest(wanted, known);
        if (nearest.isPresent()) {
            return " — did you mean \"" + nearest.get() + "\"?";
        }
        return known.isEmpty() ? "" : ", expected one of " + listed(known);
    }

    static String listed(Collection<String> known) {
        return known.stream().map(Wording::quoted).collect(Collectors.joining(", "));
    }

    /// The known word that was probably meant: a third of its letters wrong at most, or begun the same way.
    static Optional<String> nearest(String wanted, Collection<String> known) {
        if (wanted.isEmpty() || wanted.length() > SUGGESTION_LENGTH_MAX) {
            return Optional.empty();
        }
        String lower = wanted.toLowerCase(Locale.ROOT);
        Optional<String> byLetters = known.stream()
                .filter(word -> distance(lower, word) <= Math.max(1, Math.max(lower.length(), word.length()) / 3))
                .min(Comparator.comparingInt(word -> distance(lower, word)));
        if (byLetters.isPresent()) {
            return byLetters;
        }
        return known.stream()
                .filter(word -> (lower.length() >= 2 && word.startsWith(lower))
                        || (word.length() >= 3 && lower.startsWith(word)))
                .findFirst();
    }

    /// Edit distance in which swapping two neighbours counts once (optimal string alignment).
    private static int distance(String left, String right) {
        int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int row = 0; row <= left.length(); row++) {
            for (int column = 0; column <= right.length(); column++) {
                cost[row][column] = row == 0 || column == 0 ? row + column : cheapest(cost, left, right, row, column);
            }
        }
        return cost[left.length()][right.length()];
    }

    private static int cheapest(int[][] cost, String left, String right, int row, int column) {
        boolean same = left.charAt(row - 1) == right.charAt(column - 1);
        int cheapest = Math.min(cost[row - 1][column], cost[row][column - 1]) + 1;
        cheapest = Math.min(cheapest, cost[row - 1][column - 1] + (same ? 0 : 1));
        boolean swapped = row > 1
                && column > 1
                && left.charAt(row - 1) == right.charAt(column - 2)
                && left.charAt(row - 2) == right.charAt(column - 1);
        return swapped ? Math.min(cheapest, cost[row - 2][column - 2] + 1) : cheapest;
    }
}
