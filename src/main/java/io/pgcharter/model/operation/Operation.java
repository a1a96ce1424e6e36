package io.pgcharter.model.operation;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.id.RunId;
import java.util.List;
import java.util.Optional;

/// One thing pgcharter can be asked to do. To learn what it can do, read the records below; to learn how, open the
/// capability package of the same name.
///
/// The engine and the guard switch over this type without a `default`: a new record does not compile until both know
/// it.
public sealed interface Operation {

    /// What the run holds alone while it works, as `database/NAME` or `repository/NAME`; empty for work that may run
    /// beside anything.
    Optional<String> exclusive();

    /// The word a person types, which is also the label in the journal: `backup`, `repository init`.
    String verb();

    /// Ask a database who and how it is. Reads a few catalog rows.
    record Status(DatabaseName database) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.empty();
        }

        @Override
        public String verb() {
            return "status";
        }
    }

    /// Take a logical backup of `database` into `repository`. Reads the database, never writes it.
    record Backup(DatabaseName database, RepositoryName repository) implements Operation {
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
        public Optional<String> exclusive() {
            return Optional.empty();
        }

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
        public Optional<String> exclusive() {
            return Optional.empty();
        }

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
        public Optional<String> exclusive() {
            return Optional.empty();
        }

        @Override
        public String verb() {
            return "approve";
        }
    }

    /// Ask a run on any node to stop.
    record Cancel(RunId run) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.empty();
        }

        @Override
        public String verb() {
            return "cancel";
        }
    }

    /// Create the repository at its place. Refuses a place that already holds one.
    record RepositoryInit(RepositoryName repository) implements Operation {
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
        public Optional<String> exclusive() {
            return Optional.empty();
        }

        @Override
        public String verb() {
            return "repository list";
        }
    }

    /// Check that the repository is whole.
    ///
    /// @param readData also read every pack and check every blob
    record RepositoryCheck(RepositoryName repository, boolean readData) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.empty();
        }

        @Override
        public String verb() {
            return "repository check";
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

    /// Count what the repository holds.
    record RepositoryStats(RepositoryName repository) implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.empty();
        }

        @Override
        public String verb() {
            return "repository stats";
        }
    }

    /// Hold the journal against its checkpoints and against the anchors in the repositories.
    record JournalVerify() implements Operation {
        @Override
        public Optional<String> exclusive() {
            return Optional.empty();
        }

        @Override
        public String verb() {
            return "journal verify";
        }
    }
}
