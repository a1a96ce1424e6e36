package io.pgcharter.capability.schema;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Carries statements out in a session's transaction. One that fails waits until others have been carried out: a
/// writer of scripts cannot know every order, such as that of a view that calls a function that reads the view. One
/// that never succeeds is left out; whether it was needed is seen by what comes out.
final class Carrying {
    private final Session session;
    private final Run run;
    private List<String> done = new ArrayList<>();
    private List<Waiting> waiting = List.of();

    Carrying(Session session, Run run) {
        this.session = session;
        this.run = run;
    }

    private record Waiting(String statement, Optional<ProblemException> failure) {}

    /// Carries out what waited, and more. @return whether anything succeeded
    boolean carryOut(List<String> statements) {
        List<Waiting> left = new ArrayList<>(waiting);
        Set<String> known = waiting.stream().map(Waiting::statement).collect(Collectors.toSet());
        statements.stream()
                .filter(statement -> !known.contains(statement))
                .forEach(statement -> left.add(new Waiting(statement, Optional.empty())));
        int before = done.size();
        int now;
        do {
            now = left.size();
            List<Waiting> later = new ArrayList<>();
            for (Waiting each : left) {
                run.check();
                Optional<ProblemException> failure = attempt(each.statement());
                if (failure.isEmpty()) {
                    done.add(each.statement());
                } else {
                    later.add(new Waiting(each.statement(), failure));
                }
            }
            left.clear();
            left.addAll(later);
        } while (!left.isEmpty() && left.size() < now);
        waiting = List.copyOf(left);
        return done.size() > before;
    }

    /// What was carried out since it was last asked, in that order.
    List<String> taken() {
        List<String> taken = done;
        done = new ArrayList<>();
        return List.copyOf(taken);
    }

    /// Why the first of those that never succeeded did not.
    Optional<String> firstFailure() {
        return waiting.stream()
                .findFirst()
                .flatMap(each -> each.failure()
                        .map(failure -> failure.problem().cause() + "; at: "
                                + each.statement().lines().findFirst().orElse("")));
    }

    private Optional<ProblemException> attempt(String statement) {
        try {
            session.execute("savepoint statement");
            session.execute(statement);
            session.execute("release savepoint statement");
            return Optional.empty();
        } catch (ProblemException e) {
            if (Session.sqlState(e.problem()).isEmpty()) {
                throw e;
            }
            session.execute("rollback to savepoint statement");
            return Optional.of(e);
        }
    }
}
