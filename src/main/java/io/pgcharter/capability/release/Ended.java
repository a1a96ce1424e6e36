package io.pgcharter.capability.release;

import io.pgcharter.model.migration.Release.Mark;
import io.pgcharter.model.problem.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How a step ended.
///
/// @param closes whether the health endpoint says 503 from now on; as before if empty
record Ended(Mark mark, Map<String, String> evidence, Optional<Boolean> closes) {

    static Ended done(Map<String, String> evidence) {
        return new Ended(Mark.DONE, evidence, Optional.empty());
    }

    static Ended done(String name, String value) {
        return done(Map.of(name, value));
    }

    static Ended failed(Mark mark, Problem problem) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("problem", problem.code().name());
        evidence.put("fact", problem.fact());
        evidence.put("cause", problem.cause());
        evidence.put("remedy", problem.remedy());
        return new Ended(mark, evidence, Optional.empty());
    }

    Ended closing(boolean closes) {
        return new Ended(mark, evidence, Optional.of(closes));
    }
}
