package io.pgcharter.model.alert;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Nothing is sent about a subject from one time to another.
///
/// @param subject words joined by blanks, all of which must fit: `database/payments`, `check/xid-age`,
///        `environment/production`
/// @param endedAt when a person ended it before its time
public record Silence(
        String id,
        String subject,
        Instant from,
        Instant until,
        String person,
        String because,
        Optional<Instant> endedAt) {
    public boolean holds(Instant now) {
        return endedAt.isEmpty() && !now.isBefore(from) && now.isBefore(until);
    }

    /// @param environment the topic's, if its subject belongs to one
    public boolean covers(Topic topic, Optional<String> environment) {
        return List.of(subject.split(" ")).stream()
                .allMatch(word -> word.equals(topic.name())
                        || topic.subjects().contains(word)
                        || environment
                                .map(name -> word.equals("environment/" + name))
                                .orElse(false));
    }
}
