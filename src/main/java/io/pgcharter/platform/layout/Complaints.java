package io.pgcharter.platform.layout;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with a directory of migrations: all of it is said at once.
final class Complaints {
    private static final int SHOWN_MAX = 20;

    private final List<String> facts = new ArrayList<>();

    void add(String file, String what) {
        facts.add("'" + file + "' " + what);
    }

    /// @param form how files of the layout are named
    void throwIfAny(String form) {
        if (facts.isEmpty()) {
            return;
        }
        String more = facts.size() == 1
                ? ""
                : "; also: " + String.join("; ", facts.subList(1, Math.min(facts.size(), SHOWN_MAX)));
        String rest = facts.size() > SHOWN_MAX ? "; and " + (facts.size() - SHOWN_MAX) + " more" : "";
        throw new ProblemException(
                ProblemCode.MIGRATIONS_INVALID,
                facts.getFirst(),
                form + more + rest,
                "rename, move or mend the files that are named; nothing was done");
    }
}
