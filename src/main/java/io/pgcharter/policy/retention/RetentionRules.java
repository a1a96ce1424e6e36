package io.pgcharter.policy.retention;

import io.pgcharter.policy.charter.Charter.Retention;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.IsoFields;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Says of each backup whether it is kept, and why. A pure function: the same backups, rules and time give the same
/// verdicts, in whatever order the backups come.
///
/// Every rule only keeps; what no rule keeps is removed. So a more generous rule never keeps less, and what is kept is
/// kept again when the rules look at nothing else. The counts are those of restic's `forget`: the newest of each of the
/// last N days, weeks (ISO, from Monday), months or years *that have backups*
/// (<https://restic.readthedocs.io/en/stable/060_forget.html>); days are those of the charter's time zone. Ours are:
///
/// - The newest backup stays, and the newest that was proven, and what a kept one needs: no charter can say otherwise.
/// - A backup dated after `now` is kept and counts for nothing, so a clock that ran ahead for a while takes no place.
/// - `within` looks back from the newest backup, not from `now`: where backups have stopped, nothing ages away.
/// - A backup that is not whole counts for nothing either; only its age, its pin, or one that needs it keep it.
///
/// 1,000,000 backups, newest first, take about half a second.
public final class RetentionRules {
    private static final List<String> NO_RULE = List.of("no rule keeps it");
    private static final List<String> NOT_WHOLE = List.of("it is not whole, and no rule keeps it");
    private static final int ID_SHOWN = 8;

    private final Retention retention;
    private final Instant now;
    /// Newest first.
    private final List<Row> rows;
    /// Those that counts are taken of: whole, and not dated in the future.
    private final List<Row> counted;

    private RetentionRules(Collection<Candidate> candidates, Retention retention, Instant now) {
        this.retention = retention;
        this.now = now;
        Row[] sorted = candidates.stream().map(Row::new).toArray(Row[]::new);
        Arrays.sort(sorted);
        this.rows = List.of(sorted);
        this.counted = rows.stream()
                .filter(row -> row.candidate.isWhole() && !isFuture(row))
                .toList();
    }

    /// @return one verdict for each candidate, newest first
    public static List<Verdict> judge(Collection<Candidate> candidates, Retention retention, Instant now) {
        RetentionRules rules = new RetentionRules(candidates, retention, now);
        rules.safety();
        rules.ages();
        rules.counts();
        rules.needs();
        return rules.rows.stream().map(Row::verdict).toList();
    }

    /// Sorts newest first, those of one instant by id.
    private static final class Row implements Comparable<Row> {
        private final Candidate candidate;
        /// Of the candidate's instant; here, because a million comparisons should not have to look for it.
        private final long second;
        private List<String> reasons = List.of();

        Row(Candidate candidate) {
            this.candidate = candidate;
            this.second = candidate.takenAt().getEpochSecond();
        }

        @Override
        public int compareTo(Row other) {
            if (second != other.second) {
                return Long.compare(other.second, second);
            }
            int byTime = other.candidate.takenAt().compareTo(candidate.takenAt());
            return byTime != 0 ? byTime : candidate.id().compareTo(other.candidate.id());
        }

        void keep(String reason) {
            if (reasons.isEmpty()) {
                reasons = new ArrayList<>(2);
            }
            reasons.add(reason);
        }

        boolean isKept() {
            return !reasons.isEmpty();
        }

        Verdict verdict() {
            return isKept()
                    ? new Verdict(candidate, true, reasons)
                    : new Verdict(candidate, false, candidate.isWhole() ? NO_RULE : NOT_WHOLE);
        }
    }

    private boolean isFuture(Row row) {
        return row.candidate.takenAt().isAfter(now);
    }

    /// What no charter can switch off.
    private void safety() {
        // Where none is whole, the newest is still the best there is.
        Optional<Row> newest = counted.stream()
                .findFirst()
                .or(() -> rows.stream().filter(row -> !isFuture(row)).findFirst());
        newest.ifPresent(row -> row.keep("newest backup"));
        counted.stream()
                .filter(row -> row.candidate.provenAt().isPresent())
                .findFirst()
                .ifPresent(row -> row.keep("last proven"));
        for (Row row : rows) {
            if (isFuture(row)) {
                row.keep("dated in the future, so a clock is or was wrong");
            }
            row.candidate.pinned().ifPresent(because -> row.keep("pinned: " + because));
        }
    }

    private void ages() {
        if (retention.minAge().isPositive()) {
            Instant limit = now.minus(retention.minAge());
            keepAfter(limit, "younger than " + text(retention.minAge()));
        }
        if (retention.within().isPositive() && !counted.isEmpty()) {
            Instant limit = counted.getFirst().candidate.takenAt().minus(retention.within());
            keepAfter(limit, "within " + text(retention.within()) + " of the newest");
        }
    }

    private void keepAfter(Instant limit, String reason) {
        for (Row row : rows) {
            if (!row.candidate.takenAt().isAfter(limit)) {
                return;
            }
            if (!isFuture(row)) {
                row.keep(reason);
            }
        }
    }

    private void counts() {
        if (retention.atLeast() > 1) {
            for (Row row : counted.subList(0, Math.min(retention.atLeast(), counted.size()))) {
                row.keep("one of at least " + retention.atLeast());
            }
        }
        for (int place = 0; place < Math.min(retention.last(), counted.size()); place++) {
            counted.get(place).keep("last " + (place + 1) + " of " + retention.last());
        }
        newestOfEach("daily", retention.daily(), day -> day, LocalDate::toString);
        newestOfEach("weekly", retention.weekly(), day -> day.with(DayOfWeek.MONDAY), RetentionRules::weekText);
        newestOfEach(
                "monthly",
                retention.monthly(),
                day -> day.withDayOfMonth(1),
                day -> YearMonth.from(day).toString());
        newestOfEach("yearly", retention.yearly(), day -> day.withDayOfYear(1), day -> Integer.toString(day.getYear()));
    }

    /// A day begins when its date is first shown. Where clocks go back across midnight it is shown once more later,
    /// and the day before as well; both belong to the day that had begun.
    ///
    /// @param first the first day of the period that a day lies in
    private void newestOfEach(
            String rule, int count, UnaryOperator<LocalDate> first, Function<LocalDate, String> name) {
        Instant begin = Instant.MAX;
        int found = 0;
        for (Row row : counted) {
            if (found == count) {
                return;
            }
            if (row.candidate.takenAt().isBefore(begin)) {
                LocalDate day = LocalDate.ofInstant(row.candidate.takenAt(), retention.zone());
                begin = first.apply(day).atStartOfDay(retention.zone()).toInstant();
                found++;
                row.keep(rule + " " + found + " of " + count + " (" + name.apply(day) + ")");
            }
        }
    }

    private static String weekText(LocalDate day) {
        int week = day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
        return day.get(IsoFields.WEEK_BASED_YEAR) + (week < 10 ? "-W0" : "-W") + week;
    }

    /// Keeps what kept ones need, and what that needs.
    private void needs() {
        if (rows.stream().allMatch(row -> row.candidate.needs().isEmpty())) {
            return;
        }
        Map<String, Row> byId = new HashMap<>();
        rows.forEach(row -> byId.put(row.candidate.id(), row));
        Map<String, List<String>> neededBy = new HashMap<>();
        Deque<Row> kept = new ArrayDeque<>(rows.stream().filter(Row::isKept).toList());
        while (!kept.isEmpty()) {
            Row row = kept.removeFirst();
            for (String need : row.candidate.needs()) {
                boolean isNew = !neededBy.containsKey(need);
                neededBy.computeIfAbsent(need, _ -> new ArrayList<>()).add(row.candidate.id());
                Row needed = byId.get(need);
                if (needed != null && isNew && !needed.isKept()) {
                    kept.addLast(needed);
                }
            }
        }
        for (Row row : rows) {
            List<String> needing = neededBy.get(row.candidate.id());
            if (needing != null) {
                row.keep("needed by " + abbreviated(needing.stream().sorted().toList()));
            }
        }
    }

    /// One that needs it, and how many more do: a full backup may carry thousands.
    private static String abbreviated(List<String> ids) {
        String first = ids.getFirst();
        return first.substring(0, Math.min(ID_SHOWN, first.length()))
                + (ids.size() == 1 ? "" : " and " + (ids.size() - 1) + " more");
    }

    /// As a charter would say it: `30m`, `24h`, `7d`.
    private static String text(Duration duration) {
        long minutes = duration.toMinutes();
        if (minutes % 60 != 0) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        return hours % 24 == 0 && hours > 48 ? hours / 24 + "d" : hours + "h";
    }
}
