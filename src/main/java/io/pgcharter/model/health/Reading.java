package io.pgcharter.model.health;

import java.time.Instant;
import java.util.Map;

/// What came of asking one server.
public sealed interface Reading {

    /// @param at by the server's clock, so that two readings of it can be compared
    /// @param answers by id of the check
    record Taken(Instant at, Map<String, Answer> answers) implements Reading {
        public Taken {
            answers = Map.copyOf(answers);
        }
    }

    /// Nobody could log in.
    ///
    /// @param reason why, in one line
    /// @param remedy what to do
    /// @param attempts how often it was tried, one after the other
    record Failed(String reason, String remedy, int attempts) implements Reading {}
}
