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
            case AccountPage _ -> "account.jte";
            case AlertsPage _ -> "alerts.jte";
            case ApprovalsPage _ -> "approvals.jte";
            case DatabasePage _ -> "database.jte";
            case DecisionPage _ -> "decision.jte";
            case ErrorPage _ -> "error.jte";
            case JournalPage _ -> "journal.jte";
            case LoginPage _ -> "login.jte";
            case Overview _ -> "overview.jte";
            case RunList _ -> "runs.jte";
            case RunPage _ -> "run.jte";
            case SchedulePage _ -> "schedule.jte";
            case UsersPage _ -> "users.jte";
            case WelcomePage _ -> "welcome.jte";
        };
        return draw(template, frame, page);
    }

    /// What changes on the page of a run, to be put in the place of what is there: the data of a server-sent event
    /// `live`. One line.
    public String live(Frame frame, RunPage page) {
        return draw("part/live.jte", frame, page).replace('\n', ' ');
    }

    private String draw(String template, Frame frame, Page page) {
        StringOutput out = new StringOutput(16_384);
        engine.render(template, Map.of("sheet", new Sheet(frame, assets, page), "page", page), out);
        return out.toString();
    }
}
