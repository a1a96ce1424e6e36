package io.pgcharter.capability.rehearse;

import io.pgcharter.capability.rehearse.Carrier.Broken;
import io.pgcharter.capability.rehearse.Programme.Item;
import io.pgcharter.model.operation.RehearsalReport.Failure;
import io.pgcharter.model.operation.RehearsalReport.Finding;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.policy.migration.Passage;
import io.pgcharter.policy.migration.Passage.Mode;
import io.pgcharter.policy.migration.Passage.Step;
import io.pgcharter.policy.rehearsal.Search;
import io.pgcharter.policy.rehearsal.Searches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the rows because of which a migration failed, and those because of which its later statements would. All of
/// it happens in one transaction of the copy that is rolled back.
final class Culprits {
    private static final int KEYS_MOST = 5;

    /// A search that takes longer is given up.
    private static final Duration SEARCH_MOST = Duration.ofMinutes(5);

    /// The line of what belongs to no statement.
    private static final int AT_THE_END = 0;

    private final Stage stage;
    private final Run run;
    private final CopiedTables tables;
    private final Violations violations;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    Culprits(Subject subject, Stage stage, Run run) {
        this.stage = stage;
        this.run = run;
        this.tables = new CopiedTables(stage, subject.parser().get());
        this.violations = new Violations(stage, tables);
    }

    /// @param broken after which nothing is in a transaction
    Failure explain(Item item, Broken broken) {
        Passage passage = item.up();
        boolean isAtEnd = broken.step() >= passage.steps().size();
        if (broken.isOfData()) {
            look(passage, broken.step());
        } else if (isAtEnd) {
            unknown.add("what the end of the transaction checks");
        }
        return new Failure(
                item.migration().name(),
                broken.at(passage),
                isAtEnd ? "commit" : passage.steps().get(broken.step()).shown(),
                broken.state(),
                broken.reason(),
                findings,
                unknown);
    }

    private void look(Passage passage, int failed) {
        Session worker = stage.worker();
        stage.prepare();
        worker.execute("begin");
        try {
            // What was not committed has to be done again for the rows to be as the statement met them.
            for (Step step : uncommitted(passage, failed)) {
                stage.work(step.sql());
            }
            if (failed >= passage.steps().size()
                    || isOfTransactions(passage.steps().get(failed))) {
                atTheEnd();
                return;
            }
            for (int at = failed; at < passage.steps().size(); at++) {
                run.check();
                Step step = passage.steps().get(at);
                if (at == failed || step.isAlone() || fails(step)) {
                    search(step);
                }
            }
            if (passage.mode() == Mode.TRANSACTION) {
                deferred();
            }
        } finally {
            worker.execute("rollback");
        }
    }

    /// What stands before a statement in its transaction.
    private static List<Step> uncommitted(Passage passage, int failed) {
        if (passage.mode() == Mode.TRANSACTION) {
            return passage.steps().subList(0, failed);
        }
        int begun = failed;
        while (begun > 0 && passage.steps().get(begun - 1).isOpen()) {
            begun--;
        }
        // The first of them is its BEGIN.
        return passage.steps().subList(Math.min(begun + 1, failed), failed);
    }

    private void atTheEnd() {
        int before = findings.size();
        deferred();
        if (findings.size() == before) {
            unknown.add("what the end of the transaction checks");
        }
    }

    private void deferred() {
        if (!within(() -> violations.ofTheEnd().forEach(search -> seek(AT_THE_END, search, true)))) {
            unknown.add("at its end: what is deferred until then");
        }
    }

    /// Carries a statement out if it can be, so that those behind it meet what it makes.
    private boolean fails(Step step) {
        if (isOfTransactions(step)) {
            return false;
        }
        stage.worker().execute("savepoint pgcharter_step");
        try {
            stage.work(step.sql());
            return false;
        } catch (ProblemException e) {
            Optional<String> state = Carrier.ofStatement(e.problem());
            if (state.isEmpty()) {
                throw e;
            }
            stage.worker().execute("rollback to savepoint pgcharter_step");
            if (!state.get().startsWith("22") && !state.get().startsWith("23")) {
                unknown.add("line " + step.place().line() + ": it may build on what failed before it");
                return false;
            }
            return true;
        }
    }

    private static boolean isOfTransactions(Step step) {
        return step.sql().matches("(?is)\\s*(begin|start|commit|end|rollback|savepoint|release)\\b.*");
    }

    private void search(Step step) {
        int line = step.place().line();
        Searches.Found found = tables.parsing(step.sql())
                .map(parsing -> Searches.of(parsing, tables))
                .orElseGet(() -> new Searches.Found(List.of(), List.of("what it meets in rows"), false));
        if (found.changesRows() && isSoughtByItsOutcome(line, step)) {
            return;
        }
        found.unknown().forEach(what -> unknown.add("line " + line + ": " + what));
        found.searches().forEach(search -> seek(line, search, false));
    }

    /// Whether it is known which rows the statement leaves against constraints.
    private boolean isSoughtByItsOutcome(int line, Step step) {
        int before = findings.size();
        boolean[] isHarmless = {false};
        boolean isDone = within(() -> violations.of(step.sql()).ifPresent(searches -> {
            searches.forEach(search -> seek(line, search, true));
            isHarmless[0] = searches.isEmpty();
        }));
        return isDone && (isHarmless[0] || findings.size() > before);
    }

    private void seek(int line, Search search, boolean isOutcome) {
        if (!within(() -> ask(line, search, isOutcome))) {
            unknown.add((line == AT_THE_END ? "at its end: " : "line " + line + ": ") + search.trouble());
        }
    }

    /// Does something and takes it back.
    ///
    /// @return whether the server did not refuse it, nor take too long
    private boolean within(Runnable looking) {
        stage.worker()
                .execute(
                        "savepoint pgcharter_search; set local statement_timeout = '" + SEARCH_MOST.toSeconds() + "s'");
        boolean isDone = true;
        try {
            looking.run();
        } catch (ProblemException e) {
            if (Carrier.ofStatement(e.problem()).isEmpty()) {
                throw e;
            }
            isDone = false;
        }
        stage.worker().execute("rollback to savepoint pgcharter_search; release savepoint pgcharter_search");
        return isDone;
    }

    private void ask(int line, Search search, boolean isOutcome) {
        search.before().forEach(stage::work);
        long rows = stage.ask(search.count()).getFirst().number(0);
        if (rows > 0) {
            List<String> key = tables.primaryKey(search.table());
            // What the statement wrote has a place no more once it is taken back.
            List<String> keys = isOutcome && search.isNamedByPlace(key)
                    ? List.of()
                    : stage.ask(search.keys(key, KEYS_MOST)).stream()
                            .map(row -> row.string(0))
                            .toList();
            findings.add(new Finding(
                    line, search.table(), search.trouble() + (isOutcome ? ", as it would be then" : ""), rows, keys));
        }
    }
}
