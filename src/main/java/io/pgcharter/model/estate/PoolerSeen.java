package io.pgcharter.model.estate;

import java.util.List;

/// What a pooler's console said of its pools.
public sealed interface PoolerSeen {
    record Shown(List<Pool> pools) implements PoolerSeen {
        public Shown {
            pools = List.copyOf(pools);
        }
    }

    /// It could not be asked.
    ///
    /// @param reason why, in one line @param remedy what to do
    record Unseen(String reason, String remedy) implements PoolerSeen {}

    /// One pool: of a user of a database.
    ///
    /// @param waiting clients that wait for a server connection
    /// @param waitSeconds how long the one that came first has waited
    /// @param working server connections that are given to a client now
    /// @param size how many there may be
    record Pool(String database, String user, int waiting, double waitSeconds, int working, int size) {}
}
