package io.pgcharter.policy.alert;

import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Silence;
import io.pgcharter.model.health.StandingVerdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All that is decided on. Times are the control database's.
///
/// @param bad verdicts that are `UNKNOWN`, `WARN` or `CRIT`
/// @param silent subjects that no check has judged for too long, with when one last did
/// @param undelivered receivers that take no notices
/// @param runs that ended and were not yet looked at, in the order they ended
/// @param unheard runs that ended just now and are looked at a little later, together with what follows them
/// @param nodes at work: those whose watch or alerting goes on
/// @param alerts that are open, or whose end was not told, or that ended within the time that flapping is judged by
public record Situation(
        Instant now,
        List<StandingVerdict> bad,
        Map<String, Instant> silent,
        List<Undelivered> undelivered,
        List<RunEnd> runs,
        List<RunEnd> unheard,
        Set<String> nodes,
        List<Alert> alerts,
        List<Silence> silences) {
    public Situation {
        bad = List.copyOf(bad);
        silent = Map.copyOf(silent);
        undelivered = List.copyOf(undelivered);
        runs = List.copyOf(runs);
        unheard = List.copyOf(unheard);
        nodes = Set.copyOf(nodes);
        alerts = List.copyOf(alerts);
        silences = List.copyOf(silences);
    }

    /// @param count notices that wait @param since when the oldest of them was decided @param error why the last try
    /// failed
    public record Undelivered(String receiver, int count, Instant since, String error) {}
}
