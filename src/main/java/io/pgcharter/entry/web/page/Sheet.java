package io.pgcharter.entry.web.page;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.operation.Role;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What a template asks for while it is drawn: the frame, addresses, and values in words.
public final class Sheet {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final Frame frame;
    private final Assets assets;
    private final Page page;

    Sheet(Frame frame, Assets assets, Page page) {
        this.frame = frame;
        this.assets = assets;
        this.page = page;
    }

    public Frame frame() {
        return frame;
    }

    public String title() {
        return page.title();
    }

    public boolean inSection(String section) {
        return page.section().equals(section);
    }

    public String theme() {
        return word(frame.theme());
    }

    public String asset(String name) {
        return assets.address(name);
    }

    /// `name` as one segment of a path.
    public String path(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public boolean mayOperate() {
        return frame.may(Role.OPERATOR);
    }

    public boolean mayApprove() {
        return frame.may(Role.APPROVER);
    }

    public boolean isAdmin() {
        return frame.may(Role.ADMIN);
    }

    public String size(long bytes) {
        return Figures.size(bytes);
    }

    public String count(long number) {
        return Figures.count(number);
    }

    public String count(long number, String noun) {
        return Figures.count(number, noun);
    }

    public String duration(Duration duration) {
        return Figures.duration(duration.toMillis());
    }

    /// `3 h ago`, or `in 3 h` for what is to come.
    public String ago(Instant then) {
        if (then.isAfter(frame.now())) {
            String age = Figures.age(frame.now(), then);
            return age.equals("now") ? "now" : "in " + age.substring(0, age.length() - " ago".length());
        }
        return Figures.age(then, frame.now());
    }

    /// `2026-01-31 12:00`: UTC, as everything here.
    public String time(Instant instant) {
        return Figures.time(instant).substring(0, 16);
    }

    /// To the second, in UTC.
    public String exactly(Instant instant) {
        return Figures.time(instant);
    }

    /// For the attribute `datetime`.
    public String machine(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// `warn`: class of the style sheet and last part of a symbol's name.
    public String mark(Level level) {
        return switch (level) {
            case OK -> "ok";
            case NOT_APPLICABLE -> "na";
            case UNKNOWN -> "unknown";
            case WARN -> "warn";
            case CRIT -> "crit";
        };
    }

    public String say(Level level) {
        return switch (level) {
            case OK -> "ok";
            case NOT_APPLICABLE -> "not applicable";
            case UNKNOWN -> "unknown";
            case WARN -> "warning";
            case CRIT -> "critical";
        };
    }

    public String tone(RunSummary.State state) {
        return switch (state) {
            case RUNNING -> "working";
            case DONE -> "ok";
            case FAILED, LOST, REFUSED, MISSED -> "crit";
            case WAITING, SKIPPED -> "warn";
            case CANCELLED -> "na";
        };
    }

    public String say(RunSummary.State state) {
        return switch (state) {
            case RUNNING -> "going on";
            case DONE -> "done";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
            case LOST -> "lost";
            case WAITING -> "waiting";
            case SKIPPED -> "skipped";
            case REFUSED -> "refused";
            case MISSED -> "missed";
        };
    }

    public Level level(DecisionPage.Kind kind) {
        return switch (kind) {
            case REFUSED -> Level.CRIT;
            case WAITING, CONFIRM -> Level.WARN;
        };
    }

    public String tone(DecisionPage.Kind kind) {
        return mark(level(kind));
    }

    /// What a token of this visitor may be for.
    public List<Role> scopes() {
        return Arrays.stream(Role.values()).filter(frame::may).toList();
    }

    /// A value of a metric.
    public String figure(double value, DatabasePage.Unit unit) {
        return switch (unit) {
            case BYTES -> Figures.size(Math.round(value));
            case COUNT -> Figures.count(Math.round(value));
            case PERCENT -> Math.round(value) + " %";
            case MILLIS -> millis(value);
            case PER_SECOND -> Figures.count(Math.round(value)) + "/s";
        };
    }

    /// `0.04 ms`, `12 ms`, `4.2 s`.
    public String millis(double millis) {
        return millis < 10 ? String.format(Locale.ROOT, "%.2f ms", millis) : Figures.duration(Math.round(millis));
    }

    /// `2.4 × slower`, `1.5 × faster`, `the same`.
    public String change(double times) {
        if (times > 1.05) {
            return String.format(Locale.ROOT, "%.1f × slower", times);
        }
        return times < 0.95 && times > 0 ? String.format(Locale.ROOT, "%.1f × faster", 1 / times) : "the same";
    }

    /// `26 h`, `3 d`: without smaller parts.
    public String span(Duration duration) {
        return duration.toHours() >= 48
                ? duration.toDays() + " d"
                : duration.toHours() >= 2
                        ? duration.toHours() + " h"
                        : duration.toMinutes() >= 2 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }

    /// `21 Nov`.
    public String day(Instant instant) {
        return DAY.format(instant);
    }

    /// With a capital letter at its beginning.
    public String sentence(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /// `maintenance window` of `MAINTENANCE_WINDOW`.
    public String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
