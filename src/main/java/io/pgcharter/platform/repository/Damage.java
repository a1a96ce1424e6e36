package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;

/// `REPOSITORY_DAMAGED`, said one way everywhere.
final class Damage {
    private static final String REMEDY =
            "see what else is damaged: pgcharter repository check --read-data; bring the file back from a copy of the"
                    + " repository";

    private Damage() {}

    static ProblemException of(String fact, String cause) {
        return new ProblemException(ProblemCode.REPOSITORY_DAMAGED, fact, cause, REMEDY);
    }

    static ProblemException of(String fact, String cause, Throwable origin) {
        return new ProblemException(new Problem(ProblemCode.REPOSITORY_DAMAGED, fact, cause, REMEDY), origin);
    }

    /// The same damage, with the file it was met in.
    static ProblemException in(String file, ProblemException damage) {
        Problem problem = damage.problem();
        return of("'" + file + "' cannot be read: " + problem.fact(), problem.cause(), damage);
    }

    static boolean is(ProblemException e) {
        return e.problem().code() == ProblemCode.REPOSITORY_DAMAGED;
    }
}
