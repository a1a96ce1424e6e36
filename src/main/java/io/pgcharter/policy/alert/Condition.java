package io.pgcharter.policy.alert;

import io.pgcharter.model.alert.Topic;
import io.pgcharter.model.health.Level;
import java.time.Instant;
import java.util.List;

/// Something that is wrong now.
///
/// @param level `UNKNOWN`, `WARN` or `CRIT`
/// @param since since when it has that level
public record Condition(Topic topic, Level level, String message, List<String> details, Instant since) {
    public Condition {
        details = List.copyOf(details);
    }
}
