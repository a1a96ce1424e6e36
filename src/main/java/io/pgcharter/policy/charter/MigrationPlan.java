package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.migration.Layout;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which migrations there are and which databases they are for. Section `migrations` of the charter.
public record MigrationPlan(Map<MigrationsName, Migrations> all) {
    public static final MigrationPlan NONE = new MigrationPlan(Map.of());

    /// The schema that the history table is in.
    public static final String SCHEMA_DEFAULT = "public";

    /// How long a statement waits for a lock, so that nobody waits longer behind it.
    public static final Duration LOCK_TIMEOUT_DEFAULT = Duration.ofSeconds(2);

    /// How often a migration whose lock was not to be had is tried.
    public static final int ATTEMPTS_DEFAULT = 10;

    public MigrationPlan {
        all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
    }

    /// Those that are for a database; it has at most one such set.
    public Optional<Migrations> of(DatabaseName database) {
        return all.values().stream()
                .filter(migrations -> migrations.databases().contains(database))
                .findFirst();
    }

    /// The migrations in one directory.
    ///
    /// @param path of the directory, relative to the charter's
    /// @param databases in the order in which a migration reaches them: what an earlier one lacks, a later one does
    /// not get
    /// @param schema that the history table is in
    /// @param statementTimeout how long a statement may take; as long as it likes if empty
    /// @param attempts how often it is tried where a lock is not to be had, at least 1
    /// @param release how they are released; `release` is refused if empty
    /// @param line 1-based line of the charter
    public record Migrations(
            MigrationsName name,
            Layout layout,
            String path,
            List<DatabaseName> databases,
            String schema,
            Duration lockTimeout,
            Optional<Duration> statementTimeout,
            int attempts,
            RehearsalPlan rehearsal,
            Optional<ReleasePlan> release,
            int line) {
        public Migrations {
            databases = List.copyOf(databases);
        }

        /// The database that a migration must have reached before this one.
        public Optional<DatabaseName> before(DatabaseName database) {
            int at = databases.indexOf(database);
            return at > 0 ? Optional.of(databases.get(at - 1)) : Optional.empty();
        }
    }
}
