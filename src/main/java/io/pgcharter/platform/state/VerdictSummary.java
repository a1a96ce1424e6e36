package io.pgcharter.platform.state;

import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What all verdicts come to, at one moment.
///
/// @param judged subjects that some check has judged
/// @param worst of each subject that is not well, what is worst
/// @param first the worst of all, the worst first; as many as were asked for
public record VerdictSummary(Set<String> judged, Map<String, StandingVerdict> worst, List<StandingVerdict> first) {
    public VerdictSummary {
        judged = Set.copyOf(judged);
        worst = Map.copyOf(worst);
        first = List.copyOf(first);
    }

    /// The worst that is said of a subject. A check that makes no sense there says nothing of it.
    public Level level(String subject) {
        StandingVerdict found = worst.get(subject);
        if (found != null) {
            return found.verdict().level();
        }
        return judged.contains(subject) ? Level.OK : Level.NOT_APPLICABLE;
    }

    /// What is worst of a subject; empty where all is well.
    public Optional<StandingVerdict> worst(String subject) {
        return Optional.ofNullable(worst.get(subject));
    }

    /// The worst of all.
    public Level level() {
        return worst.values().stream()
                .map(standing -> standing.verdict().level())
                .max(Level::compareTo)
                .orElse(Level.OK);
    }
}
