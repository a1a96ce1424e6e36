package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.RunRow;
import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.web.page.JournalPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a run of `journal verify` found, as its report says.
final class VerificationView {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private VerificationView() {}

    /// @return empty if the run's report cannot be read
    static Optional<JournalPage.Verification> of(RunRow run) {
        try {
            JsonNode report = JSON.readTree(run.ending().orElse("{}")).path("report");
            return report.path("size").isIntegralNumber() ? Optional.of(verification(run, report)) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static JournalPage.Verification verification(RunRow run, JsonNode report) {
        long size = report.path("size").asLong();
        long anchored = report.path("anchoredSize").asLong();
        List<String> breaks = new ArrayList<>();
        report.path("breaks").forEach(found -> breaks.add(found.asString("")));
        String says = breaks.isEmpty()
                ? "all " + Figures.count(size) + " entries agree with what was signed, " + Figures.count(anchored)
                        + " of them with copies outside the control database"
                : String.join("; ", breaks);
        return new JournalPage.Verification(
                run.endedAt().orElse(run.begunAt()), breaks.isEmpty(), size, anchored, says, run.run());
    }
}
