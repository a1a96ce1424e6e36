package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.policy.schedule.Rhythm;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// When what is done by itself. Section `schedule` of the charter.
///
/// @param workers jobs that one node runs at once, 1 to 32
public record SchedulePlan(int workers, Map<String, Job> jobs) {
    static final int WORKERS_DEFAULT = 2;

    /// What holds where the charter says nothing.
    public static final SchedulePlan NONE = new SchedulePlan(WORKERS_DEFAULT, Map.of());

    public SchedulePlan {
        jobs = Collections.unmodifiableMap(new LinkedHashMap<>(jobs));
    }

    /// @param isEnabled whether it is ever due; a copy between environments must say so itself
    /// @param from the environment it acts from; empty for that of the database it reads
    /// @param confirms names of what it may replace
    /// @param line 1-based line of the charter where it begins
    public record Job(
            String name,
            What what,
            Rhythm rhythm,
            boolean isEnabled,
            Optional<EnvironmentName> from,
            List<String> confirms,
            int line) {
        public Job {
            confirms = List.copyOf(confirms);
        }
    }

    /// What a job does, to each of its targets by itself.
    public sealed interface What {
        record Backup(List<DatabaseName> databases) implements What {
            public Backup {
                databases = List.copyOf(databases);
            }
        }

        /// Of the newest backup of each, in the first repository of its plan.
        record Verify(List<DatabaseName> databases) implements What {
            public Verify {
                databases = List.copyOf(databases);
            }
        }

        /// In each repository of their plans from which things may be removed.
        record Retention(List<DatabaseName> databases) implements What {
            public Retention {
                databases = List.copyOf(databases);
            }
        }

        record Prune(List<RepositoryName> repositories) implements What {
            public Prune {
                repositories = List.copyOf(repositories);
            }
        }

        /// @param readPercent packs that are read back; empty to look at the structure only
        record Check(List<RepositoryName> repositories, OptionalInt readPercent) implements What {
            public Check {
                repositories = List.copyOf(repositories);
            }
        }

        record CopyRepository(RepositoryName from, RepositoryName to) implements What {}

        record Copy(DatabaseName from, DatabaseName to, boolean replace) implements What {}

        record Maintain(List<DatabaseName> databases, Operation.Maintain.Task task) implements What {
            public Maintain {
                databases = List.copyOf(databases);
            }
        }
    }
}
