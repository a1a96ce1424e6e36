package io.pgcharter.platform.notice;

import io.pgcharter.model.alert.Notice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A notice as JSON for programs. The shape is documented in docs/alerts.md and stays stable.
final class WebhookText {
    private WebhookText() {}

    static Map<String, Object> of(long number, Notice notice) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("notice", notice.id());
        document.put("number", number);
        document.put("receiver", notice.receiver());
        document.put("environment", notice.group().orElse(null));
        document.put("at", notice.at().toString());
        document.put("level", word(notice.level()));
        document.put("title", NoticeText.title(notice));
        document.put("standing", notice.standing());
        document.put("news", notice.news().stream().map(WebhookText::of).toList());
        return document;
    }

    private static Map<String, Object> of(Notice.News item) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("change", word(item.change()));
        document.put("alert", item.alert());
        document.put("topic", item.topic().name());
        document.put("subjects", List.copyOf(item.topic().subjects()));
        document.put("level", word(item.level()));
        document.put("message", item.message());
        document.put("details", item.details());
        document.put("since", item.since().toString());
        document.put("until", item.until().map(Object::toString).orElse(null));
        return document;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
