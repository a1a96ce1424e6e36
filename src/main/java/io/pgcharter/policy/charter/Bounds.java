package io.pgcharter.policy.charter;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/// Two bounds as a charter writes them, and what lies between them: `low` and `high` are included, and there are
/// [#count] values in all, told apart by their position from 0.
public sealed interface Bounds {
    /// How many values there are; at least 1.
    BigInteger count();

    /// The value at a position below [#count], as PostgreSQL reads it.
    String at(BigInteger position);

    /// @throws IllegalArgumentException if they are no pair, see [#isPair]
    static Bounds of(String low, String high) {
        return read(low, high)
                .filter(bounds -> bounds.count().signum() > 0)
                .orElseThrow(() -> new IllegalArgumentException("no bounds: '" + low + "' and '" + high + "'"));
    }

    /// Whether both are numbers, dates or instants, the lower one first.
    static boolean isPair(String low, String high) {
        return read(low, high).filter(bounds -> bounds.count().signum() > 0).isPresent();
    }

    private static Optional<Bounds> read(String low, String high) {
        try {
            if (low.contains("T")) {
                return Optional.of(new Instants(Instant.parse(low), Instant.parse(high)));
            }
            if (low.indexOf('-', 1) > 0) {
                return Optional.of(new Dates(LocalDate.parse(low), LocalDate.parse(high)));
            }
            BigDecimal from = new BigDecimal(low);
            BigDecimal to = new BigDecimal(high);
            int digits = Math.max(0, Math.max(from.scale(), to.scale()));
            return Optional.of(new Numbers(
                    from.setScale(digits).unscaledValue(), to.setScale(digits).unscaledValue(), digits));
        } catch (DateTimeException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    /// @param digits behind the point
    record Numbers(BigInteger low, BigInteger high, int digits) implements Bounds {
        @Override
        public BigInteger count() {
            return high.subtract(low).add(BigInteger.ONE);
        }

        @Override
        public String at(BigInteger position) {
            return new BigDecimal(low.add(position), digits).toPlainString();
        }
    }

    /// By the day.
    record Dates(LocalDate low, LocalDate high) implements Bounds {
        @Override
        public BigInteger count() {
            return BigInteger.valueOf(high.toEpochDay() - low.toEpochDay() + 1);
        }

        @Override
        public String at(BigInteger position) {
            return low.plusDays(position.longValueExact()).toString();
        }
    }

    /// By the second.
    record Instants(Instant low, Instant high) implements Bounds {
        @Override
        public BigInteger count() {
            return BigInteger.valueOf(high.getEpochSecond() - low.getEpochSecond() + 1);
        }

        @Override
        public String at(BigInteger position) {
            return low.plusSeconds(position.longValueExact()).toString();
        }
    }
}
