package io.pgcharter.entry.web.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;

/// Draws pages. Thread-safe.
public final class Pages {
    /// What an answer with a page must say in `Content-Security-Policy`: everything comes from here, nothing is inline.
    public static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; object-src 'none'; base-uri 'none';" + " form-action 'self'; frame-ancestors 'none'";

    private final TemplateEngine engine = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Pages.class.getClassLoader(), "io.pgcharter.entry.web.template");
    private final Assets assets;

    public Pages(Assets assets) {
        this.assets = assets;
    }

    /// @return a whole HTML document
    public String render(Frame frame, Page page) {
        String template = switch (page) {
            case ErrorPage _ -> "error.jte";
            case LoginPage _ -> "login.jte";
        };
        return draw(template, frame, page, page);
    }

    private String draw(String template, Frame frame, Page page, Object content) {
        StringOutput out = new StringOutput(16_384);
        engine.render(template, Map.of("sheet", new Sheet(frame, assets, page), "page", content), out);
        return out.toString();
    }
}
