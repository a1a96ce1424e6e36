package io.pgcharter.model.migration;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Where a migration stands among others: by numbers first, missing ones counting as 0, then by the bytes of a text.
/// `compareTo` is 0 for `1` and `1.0`, which are not `equal`.
public record Version(List<BigInteger> numbers, String text) implements Comparable<Version> {
    public Version {
        numbers = List.copyOf(numbers);
    }

    /// A version that is a text and nothing else.
    public static Version of(String text) {
        return new Version(List.of(), text);
    }

    /// Numbers with dots or underscores between them, as Flyway has them.
    ///
    /// @throws NumberFormatException if it is none
    public static Version ofNumbers(String dotted) {
        return new Version(
                Arrays.stream(dotted.replace('_', '.').split("\\.", -1))
                        .map(BigInteger::new)
                        .toList(),
                "");
    }

    @Override
    public int compareTo(Version other) {
        for (int index = 0; index < Math.max(numbers.size(), other.numbers.size()); index++) {
            int compared = number(index).compareTo(other.number(index));
            if (compared != 0) {
                return compared;
            }
        }
        return Arrays.compareUnsigned(
                text.getBytes(StandardCharsets.UTF_8), other.text.getBytes(StandardCharsets.UTF_8));
    }

    private BigInteger number(int index) {
        return index < numbers.size() ? numbers.get(index) : BigInteger.ZERO;
    }
}
