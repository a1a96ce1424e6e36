package io.pgcharter.policy.charter;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a table that is partitioned by ranges of one date or time is looked after.
///
/// @param ahead so many periods after the current one have their partition ready
/// @param keep so many periods before the current one stay; empty for all of them
/// @param detaches whether older ones are detached; otherwise they are only reported
/// @param detachedSchema where what was detached is moved; empty for nowhere
/// @param name what partitions are called, with `{year}`, `{month}`, `{day}`, `{week}` for the first day's
/// @param zone whose midnight a period begins at, where the table is partitioned by `timestamptz`
public record PartitionPlan(
        String schema,
        String table,
        Period by,
        int ahead,
        OptionalInt keep,
        boolean detaches,
        Optional<String> detachedSchema,
        String name,
        ZoneId zone,
        int line) {

    /// PostgreSQL cuts longer names off.
    static final int NAME_BYTES_MAX = 63;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]*)}");

    /// How long a partition's time is.
    public enum Period {
        DAY("{year}{month}{day}"),
        /// From Monday, numbered as ISO 8601 does.
        WEEK("{year}w{week}"),
        MONTH("{year}{month}");

        private final String suffix;

        Period(String suffix) {
            this.suffix = suffix;
        }

        /// The first day of the period that `day` is in.
        public LocalDate begin(LocalDate day) {
            return switch (this) {
                case DAY -> day;
                case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                case MONTH -> day.withDayOfMonth(1);
            };
        }

        /// The first day of the period so many after the one that begins on `begin`; before it, if negative.
        public LocalDate plus(LocalDate begin, int count) {
            return switch (this) {
                case DAY -> begin.plusDays(count);
                case WEEK -> begin.plusWeeks(count);
                case MONTH -> begin.plusMonths(count);
            };
        }

        /// What a name must hold so that no two partitions have the same.
        Set<String> placeholders() {
            return placeholdersIn(suffix);
        }
    }

    /// What partitions of a table are called where the charter does not say.
    static String nameDefault(String table, Period by) {
        return table + "_" + by.suffix;
    }

    /// The placeholders in a pattern of names.
    static Set<String> placeholdersIn(String name) {
        return Set.copyOf(PLACEHOLDER
                .matcher(name)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList());
    }

    /// The name of the partition that begins on `begin`, the first day of a period.
    public String nameOf(LocalDate begin) {
        int year = by == Period.WEEK ? begin.get(IsoFields.WEEK_BASED_YEAR) : begin.getYear();
        return name.replace("{year}", "%04d".formatted(year))
                .replace("{month}", "%02d".formatted(begin.getMonthValue()))
                .replace("{day}", "%02d".formatted(begin.getDayOfMonth()))
                .replace("{week}", "%02d".formatted(begin.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)));
    }

    /// The first day of the period of the partition called `partition`; empty if none is called so.
    public Optional<LocalDate> beginOf(String partition) {
        Matcher digits = Pattern.compile(Pattern.quote(name)
                        .replace("{year}", "\\E(?<year>[0-9]{4})\\Q")
                        .replace("{month}", "\\E(?<month>[0-9]{2})\\Q")
                        .replace("{day}", "\\E(?<day>[0-9]{2})\\Q")
                        .replace("{week}", "\\E(?<week>[0-9]{2})\\Q"))
                .matcher(partition);
        if (!digits.matches()) {
            return Optional.empty();
        }
        try {
            LocalDate begin = switch (by) {
                case DAY -> LocalDate.of(number(digits, "year"), number(digits, "month"), number(digits, "day"));
                case MONTH -> LocalDate.of(number(digits, "year"), number(digits, "month"), 1);
                case WEEK ->
                    LocalDate.of(number(digits, "year"), 1, 4)
                            .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, number(digits, "week"))
                            .with(DayOfWeek.MONDAY);
            };
            return nameOf(begin).equals(partition) ? Optional.of(begin) : Optional.empty();
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static int number(Matcher digits, String group) {
        return Integer.parseInt(digits.group(group));
    }

    /// `14 days`.
    public String periods(int count) {
        return count + " " + by.name().toLowerCase(Locale.ROOT) + (count == 1 ? "" : "s");
    }
}
