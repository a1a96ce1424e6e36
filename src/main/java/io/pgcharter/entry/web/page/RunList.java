package io.pgcharter.entry.web.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Runs, the newest first.
///
/// @param database only of this one
/// @param older the run to continue below; empty at the end
public record RunList(List<RunSummary> runs, Optional<String> database, Optional<String> older) implements Page {
    public RunList {
        runs = List.copyOf(runs);
    }

    @Override
    public String title() {
        return "Runs";
    }

    @Override
    public String section() {
        return "runs";
    }

    /// Of this page.
    public String address() {
        return database.map(name -> "/runs?database=" + encoded(name)).orElse("/runs");
    }

    public String olderAddress() {
        return address()
                + older.map(run -> (database.isPresent() ? "&" : "?") + "before=" + encoded(run))
                        .orElse("");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
