package io.pgcharter.platform.notice;

import io.pgcharter.model.alert.Notice;
import io.pgcharter.model.alert.Notice.News;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A notice as an incoming webhook of Slack takes it: blocks, and a text for what shows none. What comes from servers
/// stands in `plain_text`, which Slack does not look into; in `text` it is escaped as Slack's manual says, so that
/// `<!channel>` calls nobody.
final class SlackText {
    /// Slack takes at most 50 blocks.
    private static final int NEWS_MAX = 20;

    private static final int HEADER_MAX = 140;
    private static final int SECTION_MAX = 2900;

    private SlackText() {}

    static Map<String, Object> of(Notice notice) {
        List<Map<String, Object>> blocks = new ArrayList<>();
        blocks.add(block("header", NoticeText.cut(NoticeText.title(notice), HEADER_MAX)));
        notice.news().stream().limit(NEWS_MAX).forEach(item -> blocks.add(block("section", section(item))));
        int more = notice.news().size() - NEWS_MAX;
        String rest = (more > 0 ? "and " + more + " more; " : "")
                + (notice.standing() > 0 ? notice.standing() + " others stand; " : "")
                + "pgcharter alerts; notice " + notice.id();
        blocks.add(block("section", rest));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("text", escaped(NoticeText.title(notice)));
        document.put("blocks", blocks);
        return document;
    }

    private static String section(News item) {
        StringBuilder text = new StringBuilder(NoticeText.line(item));
        item.details().forEach(detail -> text.append("\n– ").append(NoticeText.clean(detail)));
        return NoticeText.cut(text.append('\n').append(NoticeText.times(item)).toString(), SECTION_MAX);
    }

    private static Map<String, Object> block(String type, String text) {
        Map<String, Object> plain = new LinkedHashMap<>();
        plain.put("type", "plain_text");
        plain.put("text", text);
        plain.put("emoji", false);
        Map<String, Object> block = new LinkedHashMap<>();
        block.put("type", type);
        block.put("text", plain);
        return block;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
