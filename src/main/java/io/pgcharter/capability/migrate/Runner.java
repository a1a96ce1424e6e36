package io.pgcharter.capability.migrate;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Recorded;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.SchemaReport.CarriedOut;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.history.History;
import io.pgcharter.platform.postgres.LockWait;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.policy.migration.Passage;
import io.pgcharter.policy.migration.Passage.Mode;
import io.pgcharter.policy.migration.Passage.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Carries out passages on a [Site], which holds the lock, and keeps the history true at every instant:
///
/// - One transaction: its row is part of it. Whoever dies leaves neither.
/// - Statement by statement: its row is there first and says that it has not ended; it counts each statement
///   behind it.
///
/// Used by one thread.
final class Runner {
    private final Site site;
    private final History history;
    private final Account account;
    private final Run run;
    private final InstantSource clock;
    private final int attemptsMax;
    private final List<CarriedOut> done = new ArrayList<>();

    Runner(Site site, Ground ground, Account account, Run run, InstantSource clock) {
        this.site = site;
        this.history = ground.history();
        this.account = account;
        this.run = run;
        this.clock = clock;
        this.attemptsMax = ground.plan().attempts();
    }

    List<CarriedOut> done() {
        return List.copyOf(done);
    }

    /// What is written into the history: applied or undone.
    private sealed interface Deed {
        Migration migration();

        record Apply(Migration migration) implements Deed {}

        record Undo(Migration migration, Recorded recorded) implements Deed {}

        default String failed() {
            return "migration '" + migration().name() + "' "
                    + switch (this) {
                        case Apply _ -> "failed";
                        case Undo _ -> "could not be undone";
                    };
        }
    }

    void apply(Migration migration, Passage passage) {
        carryOut(new Deed.Apply(migration), passage);
    }

    void undo(Migration migration, Recorded recorded, Passage passage) {
        carryOut(new Deed.Undo(migration, recorded), passage);
    }

    private void carryOut(Deed deed, Passage passage) {
        Instant begun = clock.instant();
        String verb = deed instanceof Deed.Apply ? "applying " : "undoing ";
        try (Run.Step shown =
                run.begin(verb + deed.migration().name(), passage.steps().size(), Run.Unit.ITEMS)) {
            int attempts = passage.mode() == Mode.TRANSACTION
                    ? transaction(deed, passage, begun, shown)
                    : statements(deed, passage, begun, shown);
            done.add(new CarriedOut(
                    deed.migration().name(),
                    passage.mode() == Mode.TRANSACTION,
                    passage.steps().size(),
                    attempts,
                    since(begun).toMillis()));
        }
    }

    private Duration since(Instant begun) {
        return Duration.between(begun, clock.instant());
    }

    // ---- all or nothing

    private int transaction(Deed deed, Passage passage, Instant begun, Run.Step shown) {
        for (int attempt = 1; ; attempt++) {
            int[] at = {0};
            try {
                once(deed, passage, begun, at);
                shown.add(passage.steps().size());
                return attempt;
            } catch (ProblemException e) {
                site.rollBack();
                if (!LockWait.isIn(e.problem()) || attempt >= attemptsMax) {
                    throw failed(deed, passage, at[0], attempt, e);
                }
                LockWait.pause(attempt, run::check);
            }
        }
    }

    /// @param at is given the index of the statement that is worked on
    private void once(Deed deed, Passage passage, Instant begun, int[] at) {
        site.prepare();
        site.worker().execute("begin");
        for (Step step : passage.steps()) {
            run.check();
            site.work(step.sql(), run);
            at[0]++;
        }
        site.asOneself();
        switch (deed) {
            case Deed.Apply(var migration) -> history.applied(site.worker(), migration, since(begun));
            case Deed.Undo(var _, var recorded) -> history.undone(site.worker(), recorded);
        }
        run.fence();
        site.work("commit", run);
    }

    private ProblemException failed(Deed deed, Passage passage, int at, int attempts, ProblemException e) {
        Problem problem = e.problem();
        String where = at < passage.steps().size()
                ? passage.at(at) + ": " + passage.steps().get(at).shown()
                : passage.file() + ": at its COMMIT";
        String before = done.isEmpty() ? "" : "; before it were carried out: " + named();
        if (LockWait.isIn(problem)) {
            return new ProblemException(
                    new Problem(
                            ProblemCode.TIMED_OUT,
                            deed.failed() + " at " + where + ": its lock was not to be had in "
                                    + (attempts == 1 ? "one attempt" : attempts + " attempts"),
                            site.blockers() + ". Nothing of it is in the database" + before + ". The server said: "
                                    + problem.cause(),
                            "see who holds the lock: pgcharter sessions list " + site.database()
                                    + "; then run it again"),
                    e);
        }
        if (isPassing(problem)) {
            return new ProblemException(
                    new Problem(
                            problem.code(),
                            deed.failed() + " at " + where,
                            problem.fact() + ": " + problem.cause()
                                    + (at < passage.steps().size()
                                            ? ". Nothing of it is in the database"
                                            : ". It is in the database if its row is: pgcharter migrate status "
                                                    + site.database())
                                    + before,
                            problem.remedy()),
                    e);
        }
        if (deed instanceof Deed.Apply(var migration)) {
            site.note(() -> history.failed(site.clerk(), migration, where + ": " + problem.cause()));
        }
        boolean isRecorded =
                deed instanceof Deed.Apply && site.ledgerSays(deed.migration().name());
        return new ProblemException(
                new Problem(
                        ProblemCode.MIGRATION_FAILED,
                        deed.failed() + " at " + where,
                        problem.cause() + ". Nothing of it is in the database" + before,
                        isRecorded
                                ? "correct " + passage.file() + ", then: pgcharter migrate resolve " + site.database()
                                        + " " + deed.migration().name() + " --rolled-back"
                                : "correct " + passage.file() + ", then run it again"),
                e);
    }

    private String named() {
        return String.join(", ", done.stream().map(CarriedOut::name).toList());
    }

    /// Whether it says nothing of the migration: it may well succeed when it is tried again.
    private static boolean isPassing(Problem problem) {
        return Session.sqlState(problem)
                        .filter(state -> !state.startsWith("57P") && !state.startsWith("08"))
                        .isEmpty()
                || problem.code() == ProblemCode.CANCELLED;
    }

    // ---- statement by statement

    private int statements(Deed deed, Passage passage, Instant begun, Run.Step shown) {
        run.fence();
        String key = switch (deed) {
            case Deed.Apply(var migration) -> history.begun(site.clerk(), migration);
            case Deed.Undo(var _, var recorded) -> {
                history.reopened(site.clerk(), recorded);
                yield recorded.key();
            }
        };
        int index = 0;
        int counted = 0;
        int attempts = 1;
        try {
            site.prepare();
            boolean wasOpen = false;
            for (Step step : passage.steps()) {
                attempts = Math.max(attempts, statement(step, !step.isOpen() && !wasOpen));
                wasOpen = step.isOpen();
                index++;
                if (!step.isOpen()) {
                    counted = index;
                    history.progress(site.clerk(), key, counted);
                }
                shown.add(1);
            }
            switch (deed) {
                case Deed.Apply _ -> history.ended(site.clerk(), key, since(begun));
                case Deed.Undo(var _, var recorded) -> history.undone(site.clerk(), recorded);
            }
            return attempts;
        } catch (ProblemException e) {
            throw broke(deed, passage, key, new int[] {index, counted}, e);
        }
    }

    /// @param isAlone whether it stands in no transaction of the file
    private int statement(Step step, boolean isAlone) {
        for (int attempt = 1; ; attempt++) {
            try {
                run.fence();
                site.work(step, run);
                return attempt;
            } catch (ProblemException e) {
                // One that failed on a lock left nothing, unless it works online or belongs to a transaction.
                if (!isAlone || step.isOnline() || !LockWait.isIn(e.problem()) || attempt >= attemptsMax) {
                    throw e;
                }
                LockWait.pause(attempt, run::check);
            }
        }
    }

    /// @param at index of the statement that failed, and how many are known to be in the database
    private ProblemException broke(Deed deed, Passage passage, String key, int[] at, ProblemException e) {
        site.rollBack();
        Problem problem = e.problem();
        String where = at[0] < passage.steps().size()
                ? passage.at(at[0]) + ": " + passage.steps().get(at[0]).shown()
                : passage.file() + ": after its last statement";
        site.note(() -> history.broke(site.clerk(), key, where + ": " + problem.cause()));
        String left =
                site.orElse(() -> account.left(passage, at[1]), "what of it is in the database, migrate status says");
        return new ProblemException(
                new Problem(
                        ProblemCode.MIGRATION_FAILED,
                        deed.failed() + " at " + where,
                        problem.cause() + ". It is carried out statement by statement, for " + passage.reason() + "; "
                                + left,
                        "pgcharter migrate status " + site.database()
                                + "; remove what it left behind, then: pgcharter migrate" + " resolve "
                                + site.database() + " " + deed.migration().name() + " --rolled-back"),
                e);
    }
}
