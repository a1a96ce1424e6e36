package io.pgcharter.entry.web.page;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/// What is wrong with a page's HTML, by the rules that all pages keep.
record Markup(Document document) {

    static Markup of(String html) {
        return new Markup(Jsoup.parse(html));
    }

    /// One line for each fault; empty for none.
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        nothingInline(faults);
        idsAndReferences(faults);
        landmarks(faults);
        tables(faults);
        forms(faults);
        return faults;
    }

    private void nothingInline(List<String> faults) {
        for (Element script : document.select("script")) {
            if (!script.attr("src").startsWith("/assets/") || !script.data().isBlank()) {
                faults.add("inline script: " + script);
            }
        }
        for (Element element : document.select("style, img, iframe, object, embed, base, svg foreignObject")) {
            faults.add("stray element: " + element);
        }
        for (Element element : document.getAllElements()) {
            for (Attribute attribute : element.attributes()) {
                String name = attribute.getKey().toLowerCase(Locale.ROOT);
                String value = attribute.getValue().strip().toLowerCase(Locale.ROOT);
                if (name.startsWith("on") || name.startsWith("hx-on") || name.equals("style")) {
                    faults.add("inline " + name + ": " + element.tagName());
                }
                boolean address = Set.of("href", "src", "action", "hx-get", "data-chart", "data-events")
                        .contains(name);
                boolean ours = value.startsWith("#") || (value.startsWith("/") && !value.startsWith("//"));
                if (address && !ours) {
                    faults.add("address that leads elsewhere: " + value);
                }
            }
        }
    }

    private void idsAndReferences(List<String> faults) {
        Set<String> ids = new HashSet<>();
        for (Element element : document.select("[id]")) {
            if (!ids.add(element.id())) {
                faults.add("id given twice: " + element.id());
            }
        }
        for (String reference : List.of("for", "aria-labelledby", "aria-describedby")) {
            for (Element element : document.select("[" + reference + "]")) {
                if (!ids.contains(element.attr(reference))) {
                    faults.add(reference + " of nothing: " + element.attr(reference));
                }
            }
        }
        for (Element link : document.select("a[href^=#], use[href^=#]")) {
            if (!ids.contains(link.attr("href").substring(1))) {
                faults.add("link to nothing: " + link.attr("href"));
            }
        }
        for (Element element : document.select("a, button, h1, h2, summary")) {
            if (element.text().isBlank()) {
                faults.add("nothing to read: " + element.outerHtml());
            }
        }
    }

    private void landmarks(List<String> faults) {
        for (String one :
                List.of("main#main", "h1", "head > title", "header", "footer", "a.skip[href=#main]", "html[lang]")) {
            if (document.select(one).size() != 1) {
                faults.add("not exactly one " + one);
            }
        }
    }

    private void tables(List<String> faults) {
        for (Element header : document.select("th")) {
            if (header.attr("scope").isEmpty()) {
                faults.add("th without scope: " + header.text());
            }
        }
        for (Element table : document.select("table")) {
            int columns = table.select("thead th").size();
            for (Element row : table.select("tbody tr")) {
                if (row.children().size() != columns) {
                    faults.add("row of " + row.children().size() + " cells in a table of " + columns);
                }
            }
        }
    }

    private void forms(List<String> faults) {
        for (Element field : document.select("input:not([type=hidden]), select, textarea")) {
            if (field.id().isEmpty()
                    || document.select("label[for]").stream()
                            .noneMatch(label -> label.attr("for").equals(field.id()))) {
                faults.add("field without a label: " + field);
            }
        }
        for (Element form : document.select("form")) {
            if (!form.attr("method").equals("post")
                    || form.select("input[name=csrf]").size() != 1) {
                faults.add("form without its token: " + form.attr("action"));
            }
        }
        for (Element progress : document.select("progress:not([aria-label])")) {
            faults.add("progress of nothing: " + progress);
        }
    }
}
