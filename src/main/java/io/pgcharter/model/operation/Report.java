package io.pgcharter.model.operation;

import io.pgcharter.model.health.Level;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a finished operation has to show. The journal keeps it, `--json` prints it, tables are made from it.
/// Component names are the keys of the JSON and stay stable; durations are milliseconds, sizes bytes.
public sealed interface Report
        permits Report.Status,
                Report.Health,
                Report.Backup,
                Report.Backups,
                Report.Restore,
                Report.Verify,
                Report.Copy,
                Report.Approve,
                Report.Cancel,
                Report.Queries,
                Report.Watch,
                Report.RepositoryInit,
                Report.RepositoryList,
                Report.RepositoryCheck,
                Report.RepositoryRepair,
                Report.RepositoryPrune,
                Report.RepositoryCopy,
                Report.RepositoryKeyList,
                Report.RepositoryKeyAdd,
                Report.RepositoryKeyRemove,
                Report.RepositoryKeyRotate,
                Report.BackupPin,
                Report.BackupUnpin,
                Report.RetentionPlan,
                Report.RetentionApply,
                Report.RepositoryForget,
                Report.RepositoryStats,
                Report.Alert,
                Report.AlertAcknowledge,
                Report.AlertSilence,
                Report.AlertUnsilence,
                Report.AlertTry,
                Report.JournalVerify,
                Report.Maintain,
                Report.SessionsList,
                Report.SessionsEnd,
                Report.Advice,
                Report.Pools,
                AccessReport,
                SchemaReport {

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

    /// @param database empty for the installation itself
    record Health(Optional<DatabaseName> database, List<Checked> checks) implements Report {
        public Health {
            checks = List.copyOf(checks);
        }
    }

    /// What one check said.
    ///
    /// @param check its id: `xid-age`
    /// @param title what it looks at
    /// @param subject `database/payments`, `repository/offsite` or `installation`
    /// @param level `OK`, `NOT_APPLICABLE`, `UNKNOWN`, `WARN` or `CRIT`
    /// @param findings the worst first
    /// @param value what was measured, in the check's own unit
    /// @param remedy what to do if it is not `OK`
    record Checked(
            String check,
            String title,
            String subject,
            Level level,
            String message,
            List<io.pgcharter.model.health.Finding> findings,
            OptionalDouble value,
            String remedy) {
        public Checked {
            findings = List.copyOf(findings);
        }
    }

    /// @param contentBytes size of the rows as COPY text
    /// @param addedBytes what the repository grew by
    /// @param lsn the server's write-ahead position when the snapshot was taken
    /// @param fingerprint one value over all tables' fingerprints
    /// @param copies what became of it in the other repositories it was to go to
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
            List<BackupCopy> copies,
            List<String> notes)
            implements Report {
        public Backup {
            copies = List.copyOf(copies);
            notes = List.copyOf(notes);
        }
    }

    /// The same backup in another repository.
    ///
    /// @param backup its id there; empty if it did not get there
    /// @param trouble why it did not, in one line
    record BackupCopy(
            RepositoryName repository, Optional<BackupId> backup, long addedBytes, Optional<String> trouble) {}

    /// One backup as `backups` lists it.
    ///
    /// @param pinned why it is exempt from retention; empty if it is not
    record BackupRow(
            BackupId backup,
            DatabaseName database,
            Instant takenAt,
            String serverVersion,
            int tableCount,
            long rowCount,
            long contentBytes,
            Optional<Instant> provenAt,
            Optional<String> pinned) {}

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

    /// What statements cost, by `pg_stat_statements`; the worst first. Texts hold no values.
    ///
    /// @param trouble why there is nothing to see, and what to do; empty if there is
    /// @param since when the server began to count
    /// @param slowMilliseconds mean time from which on a statement counts as slow
    /// @param daysKnown days that the watch has kept; with less than 2 nothing can have become slower
    record Queries(
            DatabaseName database,
            Optional<String> trouble,
            Optional<Instant> since,
            double slowMilliseconds,
            int daysKnown,
            List<QueryRow> top,
            List<QueryRow> slow,
            List<QuerySlower> slower)
            implements Report {
        public Queries {
            top = List.copyOf(top);
            slow = List.copyOf(slow);
            slower = List.copyOf(slower);
        }
    }

    /// @param id of the server, `queryid` @param share of the time of all, 0 to 1
    record QueryRow(
            String id,
            String text,
            long calls,
            double milliseconds,
            double meanMilliseconds,
            double maxMilliseconds,
            long rows,
            double share,
            QueryPlan plan) {}

    /// A statement whose mean on its last day is at least half as much again as in the week before.
    record QuerySlower(
            String id,
            String text,
            double meanMillisecondsBefore,
            long callsBefore,
            double meanMilliseconds,
            long calls,
            QueryPlan plan) {}

    /// @param text the generic plan as EXPLAIN prints it @param trouble why there is none; one of the two
    record QueryPlan(Optional<String> text, Optional<String> trouble) {}

    /// What a standing watch has done until it was ended.
    ///
    /// @param databases of the charter @param samples taken by this run, of the databases that were its share
    record Watch(int databases, long samples) implements Report {}

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

    /// @param readBytes bytes of packs read now
    /// @param readPackCount packs read now
    /// @param duePackCount packs that remain due: never read, or longer ago than asked for
    /// @param oldestReadAt when the pack that was read longest ago was read; empty if one never was
    /// @param findings what is damaged; empty when all is well
    /// @param leftovers what is no damage and costs nothing, such as packs that a killed backup left
    record RepositoryCheck(
            RepositoryName repository,
            int snapshotCount,
            int packCount,
            long blobCount,
            long readBytes,
            int readPackCount,
            int duePackCount,
            Optional<Instant> oldestReadAt,
            List<Finding> findings,
            List<Finding> leftovers)
            implements Report {
        public RepositoryCheck {
            findings = List.copyOf(findings);
            leftovers = List.copyOf(leftovers);
        }
    }

    /// Something that is damaged.
    ///
    /// @param fact what, in one line
    /// @param costs what it costs: which backups, and which of their tables; empty if nothing is lost by it
    /// @param remedy what to do
    record Finding(String fact, List<String> costs, String remedy) {
        public Finding {
            costs = List.copyOf(costs);
        }
    }

    /// @param indexedPackCount packs whose content was read from their own headers
    /// @param fetchedBlobCount blobs taken from another repository
    /// @param done what was repaired, one line each
    /// @param lost what could not be, one line each
    record RepositoryRepair(
            RepositoryName repository,
            int indexedPackCount,
            long fetchedBlobCount,
            List<String> done,
            List<String> lost)
            implements Report {
        public RepositoryRepair {
            done = List.copyOf(done);
            lost = List.copyOf(lost);
        }
    }

    /// @param repackedBytes still needed content that was moved out of packs worth removing
    /// @param markedBytes what waits to be removed by a later prune
    /// @param removableAt when all of it can be; empty if nothing waits
    /// @param freedBytes what was removed now
    /// @param waiting why something was not removed though its time had come; empty if nothing stood in the way
    record RepositoryPrune(
            RepositoryName repository,
            int snapshotCount,
            int packCount,
            long repackedBytes,
            int markedPackCount,
            long markedBytes,
            Optional<Instant> removableAt,
            int freedPackCount,
            long freedBytes,
            Optional<String> waiting)
            implements Report {}

    /// @param copied backups that `to` got now, by their ids there
    /// @param present backups that it had already
    /// @param verifiedBytes content read back in `to`
    record RepositoryCopy(
            RepositoryName from,
            RepositoryName to,
            List<BackupId> copied,
            int present,
            long copiedBlobCount,
            long addedBytes,
            long verifiedBytes)
            implements Report {
        public RepositoryCopy {
            copied = List.copyOf(copied);
        }
    }

    /// @param createdAt empty if the key file does not tell
    /// @param isCurrent whether the charter's password opens it
    /// @param trouble why no password opens it, in one line; empty if it is sound
    record KeyRow(
            String key,
            Optional<Instant> createdAt,
            String user,
            String host,
            boolean isCurrent,
            Optional<String> trouble) {}

    record RepositoryKeyList(RepositoryName repository, List<KeyRow> keys) implements Report {
        public RepositoryKeyList {
            keys = List.copyOf(keys);
        }
    }

    record RepositoryKeyAdd(RepositoryName repository, String key) implements Report {}

    record RepositoryKeyRemove(RepositoryName repository, String key) implements Report {}

    /// @param removed ids of the keys that went; empty if an earlier run had removed them
    /// @param next what is left to do: where the charter has to name the new password
    record RepositoryKeyRotate(RepositoryName repository, String added, List<String> removed, String next)
            implements Report {
        public RepositoryKeyRotate {
            removed = List.copyOf(removed);
        }
    }

    record BackupPin(RepositoryName repository, BackupId backup, String because) implements Report {}

    record BackupUnpin(RepositoryName repository, BackupId backup, boolean wasPinned) implements Report {}

    /// @param reasons why it is kept or removed; at least one
    record RetentionRow(BackupId backup, Instant takenAt, boolean isKept, List<String> reasons) {
        public RetentionRow {
            reasons = List.copyOf(reasons);
        }
    }

    /// @param backups newest first
    record RetentionPlan(DatabaseName database, RepositoryName repository, List<RetentionRow> backups)
            implements Report {
        public RetentionPlan {
            backups = List.copyOf(backups);
        }
    }

    /// @param backups newest first, as they stood before; those not kept are forgotten
    record RetentionApply(DatabaseName database, RepositoryName repository, List<RetentionRow> backups)
            implements Report {
        public RetentionApply {
            backups = List.copyOf(backups);
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

    /// @param deliveredCount notices that this run sent
    record Alert(long deliveredCount) implements Report {}

    record AlertAcknowledge(String alert, String topic, List<String> subjects, String person) implements Report {
        public AlertAcknowledge {
            subjects = List.copyOf(subjects);
        }
    }

    record AlertSilence(String silence, String subject, Instant until) implements Report {}

    record AlertUnsilence(String silence, boolean wasSilent) implements Report {}

    /// @param kind `email`, `webhook` or `slack`
    record AlertTry(String receiver, String kind, long durationMillis) implements Report {}

    /// @param anchoredSize how many entries, from the first, an anchor outside the control database vouches for
    /// @param breaks where journal, checkpoints and anchors contradict each other; empty when all agree
    record JournalVerify(
            long size, String root, long checkpointedSize, long anchoredSize, int anchorCount, List<String> breaks)
            implements Report {
        public JournalVerify {
            breaks = List.copyOf(breaks);
        }
    }

    /// @param judgedCount tables, indexes or partitions that were looked at
    /// @param rows what needed something; what needed nothing is not listed
    record Maintain(
            DatabaseName database,
            Operation.Maintain.Task task,
            int judgedCount,
            List<MaintainRow> rows,
            List<String> notes,
            long durationMillis)
            implements Report {
        public Maintain {
            rows = List.copyOf(rows);
            notes = List.copyOf(notes);
        }
    }

    /// @param subject the table, index or partition, as `schema.name`
    /// @param need why something was to be done, with what was measured
    /// @param result what was done and measured afterwards, or why it was not done
    record MaintainRow(String subject, Upkeep outcome, String need, String result) {}

    /// What became of something that needed maintenance.
    enum Upkeep {
        DONE,
        /// Something stood in the way that passes by itself: a lock, a long transaction, the end of the window.
        GIVEN_UP,
        /// Something stands in the way that a person has to see to.
        FAILED,
        /// Nothing is done about it by itself; the result says what a person could type.
        ADVISED
    }

    /// @param mayReadAll whether the role sees what others do; otherwise states and statements of others are empty
    /// @param sessions those that block others first, then by how long they have been in their transaction
    record SessionsList(DatabaseName database, boolean mayReadAll, List<SessionRow> sessions) implements Report {
        public SessionsList {
            sessions = List.copyOf(sessions);
        }
    }

    /// @param kind `client backend`, `walsender`, `autovacuum worker`, …
    /// @param state `active`, `idle in transaction`, …
    /// @param stateSince when the state became what it is
    /// @param transactionSince when its transaction began
    /// @param waitsFor what it waits for, as `Lock/relation`
    /// @param blockedBy processes that hold, or are before it in the queue for, the lock it waits for; 0 stands
    /// for a prepared transaction
    /// @param statement the one that runs, or ran last, without its literals, at most 100 characters
    record SessionRow(
            long process,
            Instant startedAt,
            String kind,
            Optional<String> database,
            Optional<String> user,
            Optional<String> application,
            Optional<String> client,
            Optional<String> state,
            Optional<Instant> stateSince,
            Optional<Instant> transactionSince,
            Optional<String> waitsFor,
            List<Long> blockedBy,
            Optional<String> statement) {
        public SessionRow {
            blockedBy = List.copyOf(blockedBy);
        }
    }

    /// @param ended whether the session, or its statement, was gone when we stopped looking
    record SessionsEnd(DatabaseName database, long process, String who, boolean force, boolean ended)
            implements Report {}

    /// @param notes what could not be seen, and other things that limit the advice
    record Advice(DatabaseName database, List<AdviceRow> advice, List<String> notes) implements Report {
        public Advice {
            advice = List.copyOf(advice);
            notes = List.copyOf(notes);
        }
    }

    /// Something a person could do. pgcharter never does it by itself.
    ///
    /// @param evidence what was measured
    /// @param sql what to type; empty where a fact is missing that the advice needs
    /// @param price what it costs and risks
    record AdviceRow(AdviceKind kind, String subject, String evidence, List<String> sql, String price) {
        public AdviceRow {
            sql = List.copyOf(sql);
        }
    }

    /// What advice is about.
    enum AdviceKind {
        MISSING_INDEX,
        UNUSED_INDEX,
        DUPLICATE_INDEX,
        REDUNDANT_INDEX,
        SETTING,
        /// A fact is missing that the advice needs: the evidence says which, and how to give it.
        UNKNOWN
    }

    /// @param poolers in the charter's order
    record Pools(List<PoolerSizes> poolers) implements Report {
        public Pools {
            poolers = List.copyOf(poolers);
        }
    }
}
