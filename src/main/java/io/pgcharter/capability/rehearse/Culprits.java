package io.pgcharter.capability.rehearse;

import io.pgcharter.capability.rehearse.Carrier.Broken;
import io.pgcharter.capability.rehearse.Programme.Item;
import io.pgcharter.model.operation.RehearsalReport.Failure;
import io.pgcharter.model.operation.RehearsalReport.Finding;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.migration.Passage;
import io.pgcharter.policy.migration.Passage.Mode;
import io.pgcharter.policy.migration.Passage.Step;
import io.pgcharter.policy.rehearsal.Search;
import io.pgcharter.policy.rehearsal.Searches;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the rows because of which a migration failed, and those because of which its later statements would. All of
/// it happens in one transaction of the copy that is rolled back.
final class Culprits {
    private static final int KEYS_MOST = 5;

    private final Stage stage;
    private final Run run;
    private final SqlParser parser;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    Culprits(Subject subject, Stage stage, Run run) {
        this.stage = stage;
        this.run = run;
        this.parser = subject.parser().get();
    }

    /// @param broken after which nothing is in a transaction
    Failure explain(Item item, Broken broken) {
        Passage passage = item.up();
        boolean isAtEnd = broken.step() >= passage.steps().size();
        if (isAtEnd) {
            unknown.add("what the end of the transaction checks");
        } else if (broken.isOfData()) {
            look(passage, broken.step());
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
            for (Step step :
                    passage.mode() == Mode.TRANSACTION ? passage.steps().subList(0, failed) : List.<Step>of()) {
                stage.work(step.sql());
            }
            for (int at = failed; at < passage.steps().size(); at++) {
                run.check();
                Step step = passage.steps().get(at);
                if (at == failed || step.isAlone() || fails(step)) {
                    search(step);
                }
            }
        } finally {
            worker.execute("rollback");
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
        Searches.Found found = parsing(step.sql())
                .map(parsing -> Searches.of(parsing, new Tables()))
                .orElseGet(() -> new Searches.Found(List.of(), List.of("what it meets in rows")));
        found.unknown().forEach(what -> unknown.add("line " + line + ": " + what));
        for (Search search : found.searches()) {
            stage.worker().execute("savepoint pgcharter_search");
            try {
                ask(line, search);
            } catch (ProblemException e) {
                if (Carrier.ofStatement(e.problem()).isEmpty()) {
                    throw e;
                }
                stage.worker().execute("rollback to savepoint pgcharter_search");
                unknown.add("line " + line + ": " + search.trouble());
            }
        }
    }

    private void ask(int line, Search search) {
        Session worker = stage.worker();
        search.before().forEach(stage::work);
        long rows = worker.query(search.count()).getFirst().number(0);
        if (rows > 0) {
            List<String> keys = worker.query(search.keys(new Tables().primaryKey(search.table()), KEYS_MOST)).stream()
                    .map(row -> row.string(0))
                    .toList();
            findings.add(new Finding(line, search.table(), search.trouble(), rows, keys));
        }
    }

    private Optional<Searches.Parsing> parsing(String sql) {
        return parser.parse(sql) instanceof Parsed.Sql(var script)
                ? Optional.of(new Searches.Parsing(script, parser.tokens(sql)))
                : Optional.empty();
    }

    /// The copy's tables as they are now.
    private final class Tables implements Searches.Schema {
        @Override
        public List<String> primaryKey(String table) {
            return stage.worker().query("""
                            select a.attname from pg_catalog.pg_index i
                              join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
                             where i.indrelid = pg_catalog.to_regclass($1) and i.indisprimary
                             order by pg_catalog.array_position(i.indkey::pg_catalog.int2[], a.attnum)""", table).stream()
                    .map(row -> '"' + row.string(0).replace("\"", "\"\"") + '"')
                    .toList();
        }

        @Override
        public Optional<Searches.Parsing> constraint(String table, String name) {
            return stage
                    .worker()
                    .query(
                            "select pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(oid), ' NOT VALID$', '')"
                                    + " from pg_catalog.pg_constraint where conrelid = pg_catalog.to_regclass($1)"
                                    + " and conname = $2",
                            table,
                            name)
                    .stream()
                    .findFirst()
                    .flatMap(row -> parsing("alter table " + table + " add constraint "
                            + io.pgcharter.platform.postgres.Quoting.identifier(name) + " " + row.string(0)));
        }
    }
}
