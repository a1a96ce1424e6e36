package io.pgcharter.entry.web.page;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.operation.Role;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// What a template asks for while it is drawn: the frame, addresses, and values in words.
public final class Sheet {
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

    /// `maintenance window` of `MAINTENANCE_WINDOW`.
    public String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
