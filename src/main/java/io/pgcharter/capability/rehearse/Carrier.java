package io.pgcharter.capability.rehearse;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Recorded;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.history.History;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.policy.migration.Passage;
import io.pgcharter.policy.migration.Passage.Mode;
import io.pgcharter.policy.migration.Passage.Step;
import java.time.Duration;
import java.util.Optional;

/// Carries passages out on a [Stage] and keeps the history there, just as `migrate up` and `down` do: each in one
/// transaction with its row, or statement by statement with a row that is there first. Used by one thread.
final class Carrier {
    private final Stage stage;
    private final History history;
    private final Run run;

    Carrier(Stage stage, History history, Run run) {
        this.stage = stage;
        this.history = history;
        this.run = run;
    }

    /// Where a passage came to its end before its time.
    ///
    /// @param step index of the statement that failed; that of none if it was the end of the transaction
    record Broken(int step, String state, Problem problem) {
        /// `file:line`, and why.
        String where(Passage passage) {
            return at(passage) + ": " + reason();
        }

        String at(Passage passage) {
            return step < passage.steps().size() ? passage.at(step) : passage.file();
        }

        /// In the server's words, but for those that may hold what is in rows.
        String reason() {
            return isAboutNames()
                    ? problem.cause().replaceFirst("; (detail|where): .*(?= \\[)", "")
                    : "SQLSTATE " + state + "; the server's words may hold values, and are not repeated";
        }

        private boolean isAboutNames() {
            return state.startsWith("42")
                    || state.startsWith("0A")
                    || state.startsWith("55")
                    || state.startsWith("25")
                    || state.startsWith("2B")
                    || state.startsWith("3")
                    || state.startsWith("40");
        }

        /// Whether it failed of what is in rows.
        boolean isOfData() {
            return state.startsWith("22") || state.startsWith("23");
        }
    }

    /// What is written into the history.
    private sealed interface Deed {
        record Apply(Migration migration) implements Deed {}

        record Undo(Recorded recorded) implements Deed {}
    }

    /// @return empty if all of it was carried out; else what failed, and nothing more is in a transaction
    Optional<Broken> apply(Migration migration, Passage passage, Gauge gauge) {
        try (Run.Step _ = run.begin("rehearsing " + migration.name(), 0, Run.Unit.ITEMS)) {
            return carryOut(new Deed.Apply(migration), passage, gauge);
        }
    }

    Optional<Broken> undo(Recorded recorded, Passage passage) {
        try (Run.Step _ = run.begin("undoing " + recorded.name(), 0, Run.Unit.ITEMS)) {
            return carryOut(new Deed.Undo(recorded), passage, new Gauge.Unread(stage));
        }
    }

    private Optional<Broken> carryOut(Deed deed, Passage passage, Gauge gauge) {
        int[] at = {0};
        long begun = System.nanoTime();
        try {
            stage.prepare();
            if (passage.mode() == Mode.TRANSACTION) {
                transaction(deed, passage, gauge, at, begun);
            } else {
                statements(deed, passage, gauge, at, begun);
            }
            return Optional.empty();
        } catch (ProblemException e) {
            Optional<String> state = ofStatement(e.problem());
            if (state.isEmpty()) {
                throw e;
            }
            stage.worker().execute("rollback");
            return Optional.of(new Broken(at[0], state.get(), e.problem()));
        }
    }

    /// The SQLSTATE of what the server refused; empty for what says nothing of the statement.
    static Optional<String> ofStatement(Problem problem) {
        return problem.code() == ProblemCode.CANCELLED
                ? Optional.empty()
                : Session.sqlState(problem)
                        .filter(state ->
                                !state.startsWith("57P") && !state.startsWith("08") && !state.startsWith("53"));
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private void transaction(Deed deed, Passage passage, Gauge gauge, int[] at, long begun) {
        gauge.begin("begin");
        for (Step step : passage.steps()) {
            run.check();
            gauge.within(step);
            at[0]++;
        }
        stage.asOneself();
        switch (deed) {
            case Deed.Apply(var migration) -> history.applied(stage.worker(), migration, since(begun));
            case Deed.Undo(var recorded) -> history.undone(stage.worker(), recorded);
        }
        gauge.commit(0, "commit");
    }

    private void statements(Deed deed, Passage passage, Gauge gauge, int[] at, long begun) {
        String key = switch (deed) {
            case Deed.Apply(var migration) -> history.begun(stage.clerk(), migration);
            case Deed.Undo(var recorded) -> {
                history.reopened(stage.clerk(), recorded);
                yield recorded.key();
            }
        };
        boolean wasOpen = false;
        for (Step step : passage.steps()) {
            run.check();
            step(gauge, step, wasOpen);
            wasOpen = step.isOpen();
            at[0]++;
            if (!wasOpen) {
                history.progress(stage.clerk(), key, at[0]);
            }
        }
        switch (deed) {
            case Deed.Apply _ -> history.ended(stage.clerk(), key, since(begun));
            case Deed.Undo(var recorded) -> history.undone(stage.clerk(), recorded);
        }
    }

    private static void step(Gauge gauge, Step step, boolean wasOpen) {
        if (step.isOpen() && wasOpen) {
            gauge.within(step);
        } else if (step.isOpen()) {
            gauge.begin(step.sql());
        } else if (wasOpen) {
            gauge.commit(step.place().line(), step.sql());
        } else {
            gauge.alone(step);
        }
    }
}
