package io.pgcharter.model.health;

import java.util.List;

/// What came of a [Question].
public sealed interface Answer {

    /// All rows were seen.
    record Seen(List<Observation> rows) implements Answer {
        public Seen {
            rows = List.copyOf(rows);
        }
    }

    /// It could not be seen.
    ///
    /// @param reason why, in one line
    /// @param remedy what would let it be seen: a grant to give, or a place to look
    record Unseen(String reason, String remedy) implements Answer {}

    /// There is nothing to ask.
    record Moot(String reason) implements Answer {}
}
