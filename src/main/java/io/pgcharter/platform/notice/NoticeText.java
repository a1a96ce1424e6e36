package io.pgcharter.platform.notice;

import io.pgcharter.model.alert.Notice;
import io.pgcharter.model.alert.Notice.Change;
import io.pgcharter.model.alert.Notice.News;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// A notice in words for people. What comes from servers is shown without control characters, and cut where it is long.
final class NoticeText {
    /// More stand in `pgcharter alerts`.
    static final int NEWS_MAX = 50;

    private static final int TITLE_MAX = 180;
    private static final int LINE_MAX = 500;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private NoticeText() {}

    /// One line: `CRIT production: xid-age of database/payments: 1.9 billion`.
    static String title(Notice notice) {
        News first = notice.news().getFirst();
        String where = notice.group().map(name -> name + ": ").orElse("");
        String others =
                notice.news().size() == 1 ? "" : " (and " + (notice.news().size() - 1) + " more)";
        String text = cut(word(first) + " " + where + about(first) + ": " + clean(first.message()), TITLE_MAX);
        return text + others;
    }

    static String plain(Notice notice) {
        StringBuilder text = new StringBuilder();
        notice.news().stream().limit(NEWS_MAX).forEach(item -> {
            text.append(line(item)).append('\n');
            item.details()
                    .forEach(detail -> text.append("  - ")
                            .append(cut(clean(detail), LINE_MAX))
                            .append('\n'));
            text.append("  ").append(times(item)).append("\n\n");
        });
        footer(notice, text);
        return text.toString();
    }

    static String html(Notice notice) {
        StringBuilder text = new StringBuilder("<!DOCTYPE html><html><body style=\"font-family:sans-serif\">\n");
        notice.news().stream().limit(NEWS_MAX).forEach(item -> {
            text.append("<p style=\"border-left:4px solid ")
                    .append(colour(item))
                    .append(";padding-left:8px\"><b>")
                    .append(escaped(word(item) + " " + about(item)))
                    .append("</b><br>")
                    .append(escaped(cut(clean(item.message()), LINE_MAX)));
            item.details().forEach(detail -> text.append("<br>– ").append(escaped(cut(clean(detail), LINE_MAX))));
            text.append("<br><small>").append(escaped(times(item))).append("</small></p>\n");
        });
        StringBuilder footer = new StringBuilder();
        footer(notice, footer);
        return text.append("<pre>")
                .append(escaped(footer.toString()))
                .append("</pre></body></html>\n")
                .toString();
    }

    /// `CRIT xid-age of database/payments: 1.9 billion`
    static String line(News item) {
        return word(item) + " " + about(item) + ": " + cut(clean(item.message()), LINE_MAX);
    }

    /// `alert 0f1e2d3c since 2026-11-21 12:00:00 UTC`
    static String times(News item) {
        String what = isOfRun(item) ? "run " : "alert ";
        String until = item.until()
                .filter(_ -> item.change() == Change.OVER)
                .map(at -> " until " + TIME.format(at))
                .orElse("");
        String since = isOfRun(item) ? " at " : " since ";
        return what + item.alert() + since + TIME.format(item.since()) + until;
    }

    private static boolean isOfRun(News item) {
        return switch (item.change()) {
            case PLANNED, DONE, FAILED -> true;
            case BEGAN, WORSE, LASTS, OVER, TRIAL -> false;
        };
    }

    private static void footer(Notice notice, StringBuilder text) {
        if (notice.news().size() > NEWS_MAX) {
            text.append("and ").append(notice.news().size() - NEWS_MAX).append(" more\n");
        }
        if (notice.standing() > 0) {
            text.append(notice.standing())
                    .append(notice.standing() == 1 ? " other alert stands" : " other alerts stand")
                    .append(notice.group().map(name -> " in " + name).orElse(""))
                    .append('\n');
        }
        text.append("see them all: pgcharter alerts\n");
        notice.news().stream()
                .filter(item ->
                        item.change() == Change.BEGAN || item.change() == Change.LASTS || item.change() == Change.WORSE)
                .findFirst()
                .ifPresent(item -> text.append("take care of it: pgcharter alerts acknowledge ")
                        .append(item.alert())
                        .append(" BECAUSE\n"));
        text.append("notice ").append(notice.id()).append('\n');
    }

    private static String word(News item) {
        return switch (item.change()) {
            case BEGAN -> item.level().name();
            case WORSE -> item.level().name() + " (worse)";
            case LASTS -> item.level().name() + " (still)";
            case OVER -> "OVER";
            case PLANNED -> "PLANNED";
            case DONE -> "DONE";
            case FAILED -> "FAILED";
            case TRIAL -> "TRIAL";
        };
    }

    private static String about(News item) {
        return clean(item.topic().shortName() + " of "
                + String.join(", ", item.topic().subjects()));
    }

    private static String colour(News item) {
        return switch (item.change()) {
            case OVER, PLANNED, DONE, TRIAL -> "#2e7d32";
            case BEGAN, WORSE, LASTS, FAILED ->
                switch (item.level()) {
                    case CRIT -> "#c62828";
                    case WARN -> "#ef6c00";
                    case OK, NOT_APPLICABLE, UNKNOWN -> "#616161";
                };
        };
    }

    /// Without what would end a line or turn its direction.
    static String clean(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+", " ").strip();
    }

    static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
        return text.substring(0, end) + "…";
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
