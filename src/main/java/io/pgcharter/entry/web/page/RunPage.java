package io.pgcharter.entry.web.page;

import io.pgcharter.engine.engine.RunRow;
import java.util.List;

/// One run: how far it is, or how it ended.
///
/// @param ending what it reported, or why it failed; nothing while it goes on
public record RunPage(RunSummary run, List<StepLine> steps, boolean cancelRequested, Ending ending) implements Page {
    public RunPage {
        steps = List.copyOf(steps);
    }

    /// @param steps with their pace, of [Pace#lines]
    public static RunPage of(RunRow row, List<StepLine> steps) {
        return new RunPage(RunSummary.of(row), steps, row.cancelRequested(), Ending.of(row.ending()));
    }

    @Override
    public String title() {
        return run.what();
    }

    @Override
    public String section() {
        return "runs";
    }

    public boolean goesOn() {
        return run.state() == RunSummary.State.RUNNING;
    }
}
