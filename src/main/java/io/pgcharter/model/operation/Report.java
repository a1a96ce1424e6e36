package io.pgcharter.model.operation;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a finished operation has to show. The journal keeps it, `--json` prints it, tables are made from it.
/// Component names are the keys of the JSON and stay stable; durations are milliseconds, sizes bytes.
public sealed interface Report {

    /// @param reachable whether the login succeeded; the fields after it are empty or zero if it did not
    /// @param trouble why the database cannot be reached, in one line
    /// @param inRecovery whether it is a standby
    record Status(
            DatabaseName database,
            EnvironmentName environment,
            boolean isProtected,
            boolean reachable,
            Optional<String> trouble,
            Optional<String> serverVersion,
            Optional<String> role,
            boolean inRecovery,
            long sizeBytes,
            long tableCount,
            boolean tls)
            implements Report {}

    /// @param contentBytes size of the rows as COPY text
    /// @param addedBytes what the repository grew by
    /// @param lsn the server's write-ahead position when the snapshot was taken
    /// @param fingerprint one value over all tables' fingerprints
    /// @param notes what the backup cannot hold, and other things a person should know
    record Backup(
            BackupId backup,
            DatabaseName database,
            RepositoryName repository,
            Instant takenAt,
            String lsn,
            String serverVersion,
            int tableCount,
            long rowCount,
            long contentBytes,
            long addedBytes,
            String fingerprint,
            long durationMillis,
            List<String> notes)
            implements Report {
        public Backup {
            notes = List.copyOf(notes);
        }
    }

    /// One backup as `backups` lists it.
    record BackupRow(
            BackupId backup,
            DatabaseName database,
            Instant takenAt,
            String serverVersion,
            int tableCount,
            long rowCount,
            long contentBytes,
            Optional<Instant> provenAt) {}

    record Backups(RepositoryName repository, List<BackupRow> backups) implements Report {
        public Backups {
            backups = List.copyOf(backups);
        }
    }

    record Restore(
            BackupId backup,
            DatabaseName target,
            String database,
            int tableCount,
            long rowCount,
            long contentBytes,
            long durationMillis,
            List<String> notes)
            implements Report {
        public Restore {
            notes = List.copyOf(notes);
        }
    }

    /// @param answer what the query answered, as text
    record SmokeAnswer(String query, String answer) {}

    /// @param serverVersion version of the sandbox that ran the restore
    /// @param fingerprint one value over all tables' fingerprints, equal to the backup's
    record Verify(
            BackupId backup,
            DatabaseName database,
            RepositoryName repository,
            String serverVersion,
            int tableCount,
            long rowCount,
            String fingerprint,
            List<SmokeAnswer> smoke,
            long restoreMillis,
            long durationMillis,
            List<String> notes)
            implements Report {
        public Verify {
            smoke = List.copyOf(smoke);
            notes = List.copyOf(notes);
        }
    }

    record Copy(
            DatabaseName source,
            DatabaseName target,
            int tableCount,
            long rowCount,
            long contentBytes,
            String fingerprint,
            long durationMillis,
            List<String> notes)
            implements Report {
        public Copy {
            notes = List.copyOf(notes);
        }
    }

    /// @param given how many people have agreed, this one included
    /// @param needed how many have to
    record Approve(String request, String operation, int given, int needed) implements Report {}

    record Cancel(String run, boolean wasRunning) implements Report {}

    record RepositoryInit(RepositoryName repository, String repositoryId, String location) implements Report {}

    record SnapshotRow(String id, Instant time, String host, List<String> paths, List<String> tags) {
        public SnapshotRow {
            paths = List.copyOf(paths);
            tags = List.copyOf(tags);
        }
    }

    record RepositoryList(RepositoryName repository, List<SnapshotRow> snapshots) implements Report {
        public RepositoryList {
            snapshots = List.copyOf(snapshots);
        }
    }

    /// @param errors what is damaged, one line each; empty when all is well
    record RepositoryCheck(
            RepositoryName repository,
            int snapshotCount,
            int packCount,
            long blobCount,
            long readBytes,
            List<String> errors)
            implements Report {
        public RepositoryCheck {
            errors = List.copyOf(errors);
        }
    }

    record RepositoryForget(RepositoryName repository, BackupId backup) implements Report {}

    /// @param storedBytes what the repository occupies; @param contentBytes what its snapshots hold, unpacked
    record RepositoryStats(
            RepositoryName repository,
            int snapshotCount,
            int packCount,
            long blobCount,
            long storedBytes,
            long contentBytes)
            implements Report {}

    /// @param anchoredSize how many entries, from the first, an anchor outside the control database vouches for
    /// @param breaks where journal, checkpoints and anchors contradict each other; empty when all agree
    record JournalVerify(
            long size, String root, long checkpointedSize, long anchoredSize, int anchorCount, List<String> breaks)
            implements Report {
        public JournalVerify {
            breaks = List.copyOf(breaks);
        }
    }
}
