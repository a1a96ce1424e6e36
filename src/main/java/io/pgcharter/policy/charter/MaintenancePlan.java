package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Which maintenance each database gets, and when. Section `maintenance` of the charter.
public record MaintenancePlan(Map<DatabaseName, Plan> plans) {
    /// What holds where the charter says nothing.
    public static final MaintenancePlan NONE = new MaintenancePlan(Map.of());

    public MaintenancePlan {
        plans = Collections.unmodifiableMap(new LinkedHashMap<>(plans));
    }

    /// What the charter says of a database; what holds by default where it says nothing.
    public Plan of(DatabaseName database) {
        return plans.getOrDefault(database, Plan.DEFAULT);
    }

    /// @param window empty for any time
    /// @param line where it stands; 0 where the charter says nothing
    public record Plan(
            Optional<MaintenanceWindow> window,
            Vacuum vacuum,
            Reindex reindex,
            Statistics statistics,
            List<PartitionPlan> partitions,
            Waiting waiting,
            Server server,
            int line) {
        static final Plan DEFAULT = new Plan(
                Optional.empty(),
                Vacuum.DEFAULT,
                Reindex.DEFAULT,
                Statistics.DEFAULT,
                List.of(),
                Waiting.DEFAULT,
                Server.UNKNOWN,
                0);

        public Plan {
            partitions = List.copyOf(partitions);
        }
    }

    /// @param deadPercent a table is vacuumed when so many of a hundred of its rows are dead
    /// @param rowsMin and so many rows at least
    public record Vacuum(int deadPercent, long rowsMin) {
        static final Vacuum DEFAULT = new Vacuum(20, 1000);
    }

    /// @param bloatPercent an index is rebuilt when so many of a hundred of its bytes are empty
    /// @param bytesMin and it is at least so large
    public record Reindex(int bloatPercent, long bytesMin) {
        static final Reindex DEFAULT = new Reindex(30, 100L << 20);
    }

    /// @param changedPercent a table is analyzed when so many of a hundred of its rows changed since it last was
    /// @param rowsMin and so many rows at least
    public record Statistics(int changedPercent, long rowsMin) {
        static final Statistics DEFAULT = new Statistics(10, 1000);
    }

    /// How work waits for others.
    ///
    /// @param lockTimeout for a lock, where others could have to wait behind it
    /// @param patience for other transactions to end, where nobody waits behind it
    /// @param attempts tries of each piece of work, at least 1
    public record Waiting(Duration lockTimeout, Duration patience, int attempts) {
        static final Waiting DEFAULT = new Waiting(Duration.ofSeconds(2), Duration.ofMinutes(5), 3);
    }

    /// What cannot be asked for over SQL.
    public record Server(OptionalLong memoryBytes, OptionalInt cores, Optional<Disk> disk) {
        static final Server UNKNOWN = new Server(OptionalLong.empty(), OptionalInt.empty(), Optional.empty());
    }

    /// What the server's data lies on.
    public enum Disk {
        SSD,
        HDD
    }
}
