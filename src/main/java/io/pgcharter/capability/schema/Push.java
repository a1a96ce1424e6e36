package io.pgcharter.capability.schema;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.ProvenScript;
import io.pgcharter.model.schema.ProvenScript.Kind;
import io.pgcharter.model.schema.ProvenScript.Step;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.postgres.Attended;
import io.pgcharter.platform.postgres.LockWait;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.rehearsal.Search;
import io.pgcharter.policy.rehearsal.Searches;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Carries a proven script out in its target, step by step. Nothing has to be remembered for it to be gone on with:
/// whoever begins anew has a script from what is there then. Used by one thread.
final class Push {
    /// A statement of a quick step that takes longer than this is one that a migration should do.
    private static final String QUICK_MAX = "10min";

    /// How long what makes nobody wait waits for older transactions.
    private static final String ALONE_WAIT = "15min";

    /// How often a quick step behind the first one is tried, each time with 5 s for its locks.
    private static final int ATTEMPTS_MAX = 6;

    private final Side target;
    private final Catalog wanted;
    private final Run run;

    /// @param wanted what the target is to have
    Push(Side target, Catalog wanted, Run run) {
        this.target = target;
        this.wanted = wanted;
        this.run = run;
    }

    /// Looks for rows that cannot be as long statements want them, before anything is changed. What is not there
    /// yet has no rows.
    ///
    /// @param statements such as `ALTER TABLE … ADD CONSTRAINT …`
    /// @throws ProblemException `ROWS_IN_THE_WAY` with how many of which table
    void requireRowsFit(List<String> statements, SqlParser parser) {
        List<Search> searches = statements.stream()
                .flatMap(statement -> searches(statement, parser).stream())
                .toList();
        List<String> misfits = new ArrayList<>();
        try (Run.Step step = run.begin("looking for rows in the way", searches.size(), Run.Unit.ITEMS);
                Session session = Session.open(target.url(), "schema push")) {
            session.endWithClient();
            session.execute(ProvenScript.SETTINGS + " set default_transaction_read_only = on");
            for (Search search : searches) {
                rows(session, search)
                        .filter(rows -> rows > 0)
                        .ifPresent(rows -> misfits.add(rows + (rows == 1 ? " row of " : " rows of ") + search.table()
                                + ": " + search.trouble()));
                step.add(1);
            }
        }
        if (!misfits.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.ROWS_IN_THE_WAY,
                    "rows of '" + target.name() + "' do not fit the new schema; nothing was changed",
                    String.join("; ", misfits),
                    "change those rows, then run it again");
        }
    }

    private static List<Search> searches(String statement, SqlParser parser) {
        return parser.parse(statement) instanceof Parsed.Sql(var script)
                ? Searches.of(new Searches.Parsing(script, parser.tokens(statement)), new NothingKnown())
                        .searches()
                : List.of();
    }

    /// Keys are not shown, and constraints that are there are not searched for.
    private static final class NothingKnown implements Searches.Schema {
        @Override
        public List<String> primaryKey(String table) {
            return List.of();
        }

        @Override
        public Optional<Searches.Parsing> constraint(String table, String name) {
            return Optional.empty();
        }
    }

    /// Empty for a table or a column that the script is yet to make.
    private Optional<Long> rows(Session session, Search search) {
        if (!search.before().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Attended.call(
                    session, () -> session.query(search.count()).getFirst().number(0), run::check));
        } catch (ProblemException e) {
            if (Session.sqlState(e.problem())
                    .filter(state -> state.startsWith("42"))
                    .isPresent()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// Ends with the target's catalog seen to be the wanted one. Of a script of one step nothing stays if it fails.
    ///
    /// @return the target's fingerprint afterwards
    /// @throws ProblemException `SCHEMA_UNFINISHED` if a step behind the first one fails
    String carryOut(ProvenScript script) {
        List<Step> steps = script.steps();
        try (Run.Step shown = run.begin(
                        "changing " + target.name(), script.statements().size(), Run.Unit.ITEMS);
                Session session = Session.open(target.url(), "schema push")) {
            session.endWithClient();
            session.execute(ProvenScript.SETTINGS);
            for (int index = 0; index < steps.size(); index++) {
                boolean isLast = index == steps.size() - 1;
                try {
                    step(session, steps.get(index), index == 0, isLast);
                } catch (ProblemException e) {
                    throw index == 0 ? e : unfinished(e, index + 1, steps.size());
                }
                shown.add(steps.get(index).statements().size());
            }
            return CatalogReader.read(session).fingerprint();
        }
    }

    private void step(Session session, Step step, boolean isFirst, boolean isLast) {
        run.check();
        if (step.kind() == Kind.QUICK) {
            transaction(session, step, isFirst, isLast);
            return;
        }
        if (isFirst) {
            requireAsProven(CatalogReader.read(session));
        }
        run.fence();
        String statement = step.statements().getFirst();
        session.execute("set statement_timeout = 0; set lock_timeout = '"
                + (step.kind() == Kind.ALONE ? ALONE_WAIT : "5s") + "'");
        again(
                session,
                step.kind() == Kind.ALONE ? 1 : ATTEMPTS_MAX,
                () -> Attended.execute(session, statement, run::check));
        if (isLast) {
            requireReached(CatalogReader.read(session));
        }
    }

    private void transaction(Session session, Step step, boolean isFirst, boolean isLast) {
        again(session, isFirst ? 1 : ATTEMPTS_MAX, () -> {
            session.execute("begin; set local lock_timeout = '5s'; set local statement_timeout = '" + QUICK_MAX + "'");
            if (isFirst) {
                requireAsProven(CatalogReader.readWithin(session));
            }
            for (String statement : step.statements()) {
                run.check();
                Attended.execute(session, statement, run::check);
            }
            if (isLast) {
                requireReached(CatalogReader.readWithin(session));
            }
            run.fence();
            session.execute("commit");
        });
    }

    /// Others wait behind whoever waits for a lock: each attempt is short.
    private void again(Session session, int attempts, Runnable work) {
        for (int attempt = 1; ; attempt++) {
            try {
                work.run();
                return;
            } catch (ProblemException e) {
                if (!LockWait.isIn(e.problem()) || attempt == attempts) {
                    throw e;
                }
                session.execute("rollback");
                LockWait.pause(attempt, run::check);
            }
        }
    }

    /// Closing the session rolls back.
    private void requireAsProven(Catalog now) {
        if (!now.fingerprint().equals(target.catalog().fingerprint())) {
            throw changed("its schema is not the one that the script was proven on");
        }
    }

    private void requireReached(Catalog reached) {
        if (!Difference.between(Side.carried(reached), wanted).isEmpty()) {
            throw changed("the script came out differently from the proof");
        }
    }

    private ProblemException changed(String cause) {
        return new ProblemException(
                ProblemCode.TABLE_CHANGED,
                "nothing was changed in '" + target.name() + "'",
                cause + "; somebody else changes schemas meanwhile",
                "run it again");
    }

    private ProblemException unfinished(ProblemException e, int step, int steps) {
        return new ProblemException(
                new Problem(
                        ProblemCode.SCHEMA_UNFINISHED,
                        "step " + step + " of " + steps + " failed in '" + target.name() + "'; those before it stay",
                        e.problem().cause(),
                        "put right what it names, then run it again: it goes on from what is there"),
                e);
    }
}
