package io.pgcharter.model.operation;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.schema.Difference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What migrations did to a copy of a database, and what they would do to the database itself. Times are
/// milliseconds; what is scaled has the database's size, not its hardware.
///
/// @param pin which migrations, to the letter: SHA-256
/// @param caughtUp migrations that the database has and the backup lacks; carried out first, not judged
/// @param migrations in order, as far as they came
/// @param failure why they came no further
/// @param wayBack what the down migrations brought back; empty if it was not tried, because of a failure
/// @param before fingerprint of the copy's catalog before them
/// @param after fingerprint of its catalog after them; empty if they failed
/// @param limits of the charter
/// @param passed whether nothing failed and every limit was kept
/// @param milliseconds from beginning to end
/// @param notes what else is to be known
public record RehearsalReport(
        String pin,
        Basis basis,
        List<String> caughtUp,
        List<Performed> migrations,
        Optional<Failure> failure,
        Optional<WayBack> wayBack,
        Whole whole,
        String before,
        Optional<String> after,
        List<Limit> limits,
        boolean passed,
        long milliseconds,
        List<String> notes) {
    public RehearsalReport {
        caughtUp = List.copyOf(caughtUp);
        migrations = List.copyOf(migrations);
        limits = List.copyOf(limits);
        notes = List.copyOf(notes);
    }

    /// What the copy was made of.
    ///
    /// @param provenAt when the backup was last proven
    /// @param version PostgreSQL's major of the copy
    /// @param restoreMillis how long restoring took
    public record Basis(
            BackupId backup,
            RepositoryName repository,
            Instant takenAt,
            Instant provenAt,
            int version,
            long restoreMillis) {}

    /// One migration.
    ///
    /// @param transaction whether all of it was carried out in one
    public record Performed(String name, String file, boolean transaction, List<Measure> statements) {
        public Performed {
            statements = List.copyOf(statements);
        }
    }

    /// How a statement stands to transactions.
    public enum Standing {
        /// One of several in a transaction.
        WITHIN,
        /// Ends the transaction of those before it.
        COMMIT,
        /// By itself, outside of transactions: its locks were sampled.
        ALONE
    }

    /// One statement, measured.
    ///
    /// @param line of the file, from 1; 0 for the end of a transaction that the file does not write
    /// @param text its beginning, in one line
    /// @param factor how many times as large what it scanned or rewrote is in the database; at least 1
    /// @param locks those that it took or made stronger, on what was there before
    /// @param rewritten tables that it wrote anew
    /// @param rows by table; empty if that could not be seen
    /// @param tempBytes of temporary files
    public record Measure(
            int line,
            String text,
            Standing standing,
            double millis,
            double scaledMillis,
            double factor,
            List<Lock> locks,
            List<String> rewritten,
            Optional<Map<String, Rows>> rows,
            long walBytes,
            long tempBytes) {
        public Measure {
            locks = List.copyOf(locks);
            rewritten = List.copyOf(rewritten);
            rows = rows.map(Map::copyOf);
        }

        /// Rows of all tables that it scanned.
        public OptionalLong rowsRead() {
            return rows.map(all -> OptionalLong.of(
                            all.values().stream().mapToLong(Rows::read).sum()))
                    .orElse(OptionalLong.empty());
        }

        /// Rows that it inserted, updated and deleted.
        public OptionalLong rowsWritten() {
            return rows.map(all -> OptionalLong.of(
                            all.values().stream().mapToLong(Rows::written).sum()))
                    .orElse(OptionalLong.empty());
        }
    }

    /// @param read by sequential scans
    public record Rows(long read, long inserted, long updated, long deleted) {
        long written() {
            return inserted + updated + deleted;
        }
    }

    /// A lock on a table, a view or an index.
    ///
    /// @param relation `schema.name`
    /// @param table of an index its own; else the relation
    /// @param mode as PostgreSQL's manual has it, in lower case: `access exclusive`
    /// @param heldMillis from the statement's beginning to the transaction's end; of a sampled one, the most it can
    ///     have been
    /// @param calls how many calls of the database's statements would wait for it; empty if that is not known
    public record Lock(
            String relation,
            String table,
            String mode,
            double heldMillis,
            double scaledHeldMillis,
            boolean sampled,
            OptionalDouble calls) {}

    /// All of it together, scaled.
    ///
    /// @param heldMillis the longest that a lock is held for which who reads or writes rows waits
    /// @param calls how many calls would wait; empty if that is not known
    /// @param callsBasis since when calls are counted, or why they are not known
    public record Whole(
            double millis,
            double scaledMillis,
            double heldMillis,
            long walBytes,
            int rewritten,
            OptionalDouble calls,
            String callsBasis) {}

    /// Why a migration came no further. The server's own words stand here only if they cannot hold what is in rows.
    ///
    /// @param at `file:line`
    /// @param state SQLSTATE
    /// @param findings data that make it fail, and later statements of the same migration
    /// @param unknown what could not be looked for
    public record Failure(
            String migration,
            String at,
            String statement,
            String state,
            String reason,
            List<Finding> findings,
            List<String> unknown) {
        public Failure {
            findings = List.copyOf(findings);
            unknown = List.copyOf(unknown);
        }
    }

    /// Rows that a statement cannot live with.
    ///
    /// @param line of the statement in its file; 0 for the end of the transaction
    /// @param table as the statement names it
    /// @param trouble what is wrong with them: `duplicates of (email)`
    /// @param rows how many
    /// @param keys of the first ones, by primary key; never the values that are wrong. Empty for rows that
    ///     the statement makes, if they have no key
    public record Finding(int line, String table, String trouble, long rows, List<String> keys) {
        public Finding {
            keys = List.copyOf(keys);
        }
    }

    /// What was there again after the down migrations.
    ///
    /// @param missing migrations without one; nothing was undone then
    /// @param trouble why undoing, or applying again, failed
    /// @param changes what became of the catalog's objects, compared with before
    /// @param lost tables whose rows are not what they were
    /// @param same how many tables have the rows they had
    /// @param again how the catalog differs after applying again from what it was after the first time; empty if it
    ///     was not applied again
    public record WayBack(
            List<String> missing,
            Optional<String> trouble,
            List<Difference.Change> changes,
            List<NotBroughtBack> lost,
            int same,
            Optional<List<Difference.Change>> again) {
        public WayBack {
            missing = List.copyOf(missing);
            changes = List.copyOf(changes);
            lost = List.copyOf(lost);
            again = again.map(List::copyOf);
        }

        /// Whether everything is as it was, and applying again leads to where the first time led.
        public boolean bringsEverythingBack() {
            return missing.isEmpty()
                    && trouble.isEmpty()
                    && changes.isEmpty()
                    && lost.isEmpty()
                    && again.filter(List::isEmpty).isPresent();
        }
    }

    /// @param before, after how many rows; empty if there is no such table
    public record NotBroughtBack(String table, OptionalLong before, OptionalLong after) {}

    /// Whether a limit was kept.
    public enum Verdict {
        KEPT,
        EXCEEDED,
        /// It could not be measured; that is as bad.
        UNKNOWN
    }

    /// @param name as the charter has it
    public record Limit(String name, String allowed, String measured, Verdict verdict) {}
}
