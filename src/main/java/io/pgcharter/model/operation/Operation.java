package io.pgcharter.model.operation;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.PoolerName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.secret.SecretText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One thing pgcharter can be asked to do. To learn what it can do, read the records below; to learn how, open the
/// capability package of the same name.
///
/// The engine and the guard switch over this type without a `default`: a new record does not compile until both know
/// it.
public sealed interface Operation
        permits Operation.Status,
                Operation.Backup,
                Operation.Backups,
                Operation.Restore,
                Operation.Verify,
                Operation.Copy,
                Operation.Approve,
                Operation.Cancel,
                Operation.BackupPin,
                Operation.BackupUnpin,
                Operation.RetentionPlan,
                Operation.RetentionApply,
                Operation.RepositoryInit,
                Operation.RepositoryList,
                Operation.RepositoryCheck,
                Operation.RepositoryRepair,
                Operation.RepositoryForget,
                Operation.RepositoryPrune,
                Operation.RepositoryCopy,
                Operation.RepositoryKeyList,
                Operation.RepositoryKeyAdd,
                Operation.RepositoryKeyRemove,
                Operation.RepositoryKeyRotate,
                Operation.RepositoryStats,
                Operation.JournalVerify,
                Operation.Health,
                Operation.Maintain,
                Operation.SessionsList,
                Operation.SessionsEnd,
                Operation.Advice,
                Operation.Queries,
                Operation.Pools,
                AccessOperation,
                SchemaOperation,
                ServingOperation {

    /// What the run holds alone while it works, as `database/NAME` or `repository/NAME`; empty for work that may run
    /// beside anything.
    default Optional<String> exclusive() {
        return Optional.empty();
    }

    /// The word a person types, which is also the label in the journal: `backup`, `repository init`.
    String verb();

    /// Ask a database who and how it is. Reads a few catalog rows.
    record Status(DatabaseName database) implements Operation {
        @Override
        public String verb() {
            return "status";
        }
    }

    /// Take one logical backup of `database` and keep it in every one of `repositories`, at least one. Reads the
    /// database once, never writes it.
    record Backup(DatabaseName database, List<RepositoryName> repositories) implements Operation {
        public Backup {
            repositories = List.copyOf(repositories);
            if (repositories.isEmpty()) {
                throw new IllegalArgumentException("a backup needs a repository");
            }
        }

        public Backup(DatabaseName database, RepositoryName repository) {
            this(database, List.of(repository));
        }

        @Override
        public Optional<String> exclusive() {
            return Optional.of("backup/" + database);
        }

        @Override
        public String verb() {
            return "backup";
        }
    }

    /// List the backups in a repository.
    record Backups(RepositoryName repository) implements Operation {
        @Override
        public String verb() {
            return "backups";
        }
    }

    /// Load a backup of `source` into the empty database `target`, or into a new database on `target`'s server.
    ///
    /// @param selection `schema` or `schema.table` patterns to restore; empty for everything
    /// @param newDatabase name of the PostgreSQL database to create on `target`'s server and load
    record Restore(
            BackupId backup,
            RepositoryName repository,
            DatabaseName source,
            DatabaseName target,
            List<String> selection,
            Optional<String> newDatabase)
            implements Operation {
        public Restore {
            selection = List.copyOf(selection);
        }

        @Override
        public Optional<String> exclusive() {
            return Optional.of("database/" + target);
        }

        @Override
        public String verb() {
            return "restore";
        }
    }

    /// Prove a backup: restore it into a sandbox, compare every table's fingerprint, run the smoke queries.
    record Verify(BackupId backup, RepositoryName repository, DatabaseName database) implements Operation {
        @Override
        public String verb() {
            return "verify";
        }
    }

    /// Bring the content of `source` into the database `target`, snapshot-consistent and proven by fingerprint.
    ///
    /// @param replace drop what `target` holds first; otherwise `target` must be empty
    record Copy(DatabaseName source, DatabaseName target, boolean replace) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("database/" + target);
        }

        @Override
        public String verb() {
            return "copy";
        }
    }

    /// Agree to an operation that waits for approval.
    ///
    /// @param request the id the waiting operation printed
    record Approve(String request) implements Operation {
        @Override
        public String verb() {
            return "approve";
        }
    }

    /// Ask a run on any node to stop.
    record Cancel(RunId run) implements Operation {
        @Override
        public String verb() {
            return "cancel";
        }
    }

    /// Exempt a backup from retention until it is unpinned.
    ///
    /// @param because why, in the words of whoever asks: one line, not blank, at most 200 characters
    record BackupPin(BackupId backup, RepositoryName repository, String because) implements Operation {
        public static final int BECAUSE_MAX = 200;

        public BackupPin {
            if (!isReason(because)) {
                throw new IllegalArgumentException("not a reason: '" + because + "'");
            }
        }

        public static boolean isReason(String because) {
            return !because.isBlank()
                    && because.length() <= BECAUSE_MAX
                    && because.chars().noneMatch(Character::isISOControl);
        }

        @Override
        public String verb() {
            return "backups pin";
        }
    }

    /// Let retention decide again on a backup.
    record BackupUnpin(BackupId backup, RepositoryName repository) implements Operation {
        @Override
        public String verb() {
            return "backups unpin";
        }
    }

    /// Show what the charter's retention makes of each backup of `database` in the repository. Changes nothing.
    record RetentionPlan(DatabaseName database, RepositoryName repository) implements Operation {
        @Override
        public String verb() {
            return "retention plan";
        }
    }

    /// Forget the backups of `database` in the repository that the charter's retention does not keep. Their blobs stay
    /// until a prune.
    record RetentionApply(DatabaseName database, RepositoryName repository) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("repository/" + repository);
        }

        @Override
        public String verb() {
            return "retention apply";
        }
    }

    /// Create the repository at its place. Refuses a place that already holds one.
    ///
    /// @param like a repository whose way of cutting chunks is taken over, so that copies share blobs
    record RepositoryInit(RepositoryName repository, Optional<RepositoryName> like) implements Operation {
        public RepositoryInit(RepositoryName repository) {
            this(repository, Optional.empty());
        }

        @Override
        public Optional<String> exclusive() {
            return Optional.of("repository/" + repository);
        }

        @Override
        public String verb() {
            return "repository init";
        }
    }

    /// List every snapshot of the repository, also those that pgcharter did not write.
    record RepositoryList(RepositoryName repository) implements Operation {
        @Override
        public String verb() {
            return "repository list";
        }
    }

    /// Check that the repository is whole: its structure always, the content of packs as asked.
    record RepositoryCheck(RepositoryName repository, Optional<Reading> reading) implements Operation {
        @Override
        public String verb() {
            return "repository check";
        }
    }

    /// Which packs a check reads.
    ///
    /// @param due those last read so long ago, or never
    /// @param percent of those at most so many of a hundred, 1 to 100, those first that were read longest ago
    record Reading(Duration due, int percent) {
        /// What a full check takes for read recently enough.
        public static final Duration DUE_DEFAULT = Duration.ofDays(30);

        public Reading {
            if (due.isNegative() || percent < 1 || percent > 100) {
                throw new IllegalArgumentException("not a reading: " + due + ", " + percent + " %");
            }
        }
    }

    /// Rebuild what can be rebuilt of a damaged repository: indexes from the packs' own headers. What cannot be read is
    /// set aside, never thrown away.
    ///
    /// @param from another repository to take missing or damaged blobs from
    record RepositoryRepair(RepositoryName repository, Optional<RepositoryName> from) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("repository/" + repository);
        }

        @Override
        public String verb() {
            return "repository repair";
        }
    }

    /// Remove one backup from the list. Its blobs stay until a prune.
    record RepositoryForget(RepositoryName repository, BackupId backup) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("repository/" + repository);
        }

        @Override
        public String verb() {
            return "repository forget";
        }
    }

    /// Free what no snapshot needs: mark it now, remove what was marked before.
    ///
    /// @param grace how long ago a pack must have been marked to be removed; zero for what is marked now
    record RepositoryPrune(RepositoryName repository, Duration grace) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("prune/" + repository);
        }

        @Override
        public String verb() {
            return "repository prune";
        }
    }

    /// Bring the backups of one repository into another: what `to` lacks is copied, and verified there.
    ///
    /// @param backup one backup of `from` only
    record RepositoryCopy(RepositoryName from, RepositoryName to, Optional<BackupId> backup) implements Operation {
        @Override
        public String verb() {
            return "repository copy";
        }
    }

    /// List the repository's keys: one for each password.
    record RepositoryKeyList(RepositoryName repository) implements Operation {
        @Override
        public String verb() {
            return "repository key list";
        }
    }

    /// Let one more password open the repository.
    ///
    /// @param password a reference to it, never itself
    record RepositoryKeyAdd(RepositoryName repository, SecretText password) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("repository/" + repository);
        }

        @Override
        public String verb() {
            return "repository key add";
        }
    }

    /// Let a password open the repository no longer.
    ///
    /// @param key first digits of the key's id, at least 8
    record RepositoryKeyRemove(RepositoryName repository, String key) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("repository/" + repository);
        }

        @Override
        public String verb() {
            return "repository key remove";
        }
    }

    /// Put a new password in the place of the one that the charter names.
    ///
    /// @param password a reference to the new one, never itself
    record RepositoryKeyRotate(RepositoryName repository, SecretText password) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("repository/" + repository);
        }

        @Override
        public String verb() {
            return "repository key rotate";
        }
    }

    /// Count what the repository holds.
    record RepositoryStats(RepositoryName repository) implements Operation {
        @Override
        public String verb() {
            return "repository stats";
        }
    }

    /// Hold the journal against its checkpoints and against the anchors in the repositories.
    record JournalVerify() implements Operation {
        @Override
        public String verb() {
            return "journal verify";
        }
    }

    /// Judge every check of a database, or of the installation itself: repositories, journal, schedule, certificates,
    /// disk. Reads catalogs and statistics only.
    record Health(Optional<DatabaseName> database) implements Operation {
        @Override
        public String verb() {
            return "health";
        }
    }

    /// Do the maintenance a database needs, by measured need, blocking no writer.
    record Maintain(DatabaseName database, Task task) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("maintain/" + database);
        }

        @Override
        public String verb() {
            return "maintain";
        }

        /// What maintenance there is.
        public enum Task {
            VACUUM,
            REINDEX,
            PARTITIONS,
            STATISTICS
        }
    }

    /// List the sessions of a database's server: who works, waits, blocks.
    record SessionsList(DatabaseName database) implements Operation {
        @Override
        public String verb() {
            return "sessions list";
        }
    }

    /// End one session.
    ///
    /// @param startedAt when the session began, so that another one that got its process id is left alone
    /// @param force end the connection, not only its statement
    /// @param because why even a session is ended on which more depends: a replication sender, a run of
    /// pgcharter's, an autovacuum that prevents wraparound
    record SessionsEnd(DatabaseName database, long process, Instant startedAt, boolean force, Optional<String> because)
            implements Operation {
        public SessionsEnd {
            because.ifPresent(Operation::requireReason);
        }

        public SessionsEnd(DatabaseName database, long process, Instant startedAt, boolean force) {
            this(database, process, startedAt, force, Optional.empty());
        }

        @Override
        public String verb() {
            return "sessions end";
        }
    }

    /// Look for missing and unused indexes and for settings that do not fit the server, with evidence. Changes nothing.
    record Advice(DatabaseName database) implements Operation {
        @Override
        public String verb() {
            return "advice";
        }
    }

    /// Show the statements that cost a database most, are slow, or have become slower.
    record Queries(DatabaseName database) implements Operation {
        @Override
        public String verb() {
            return "queries";
        }
    }

    /// Size the pools of a pooler, or of all, by what their servers have room for, and write PgBouncer's settings down.
    /// Reads a few catalog rows of each server; changes nothing.
    record Pools(Optional<PoolerName> pooler) implements Operation {
        @Override
        public String verb() {
            return "pools";
        }
    }

    /// @throws IllegalArgumentException for what is no reason, see [BackupPin#isReason]
    static void requireReason(String because) {
        if (!BackupPin.isReason(because)) {
            throw new IllegalArgumentException("not a reason: '" + because + "'");
        }
    }
}
