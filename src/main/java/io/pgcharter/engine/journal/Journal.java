package io.pgcharter.engine.journal;

import io.pgcharter.engine.journal.JournalVerification.StoredCheckpoint;
import io.pgcharter.engine.journal.JournalVerification.StoredLeaf;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;

/// The journal in the control database. Thread-safe, and safe beside other processes: appenders take turns.
///
/// Failures of the control database are thrown as they are (`JdbiException`): the engine knows what they mean.
public final class Journal {
    /// Held in a transaction that appends, so that sequence numbers are dense and in order of commit.
    private static final long APPEND_LOCK = 0x70676368_6a6f7572L;

    /// Leaves read at a time.
    private static final int FETCH = 1000;

    private final Jdbi jdbi;
    private final JournalKey key;
    private final String origin;
    private final InstantSource clock;

    /// @param origin name of this machine, for checkpoints
    public Journal(Jdbi jdbi, JournalKey key, String origin, InstantSource clock) {
        this.jdbi = jdbi;
        this.key = key;
        this.origin = origin;
        this.clock = clock;
    }

    public Entry append(NewEntry entry) {
        return jdbi.inTransaction(handle -> append(handle, entry));
    }

    /// Appends in the caller's transaction, which others who append wait for.
    public Entry append(Handle handle, NewEntry entry) {
        handle.execute("SELECT pg_advisory_xact_lock(?)", APPEND_LOCK);
        long sequence = size(handle) + 1;
        Entry stored = new Entry(
                sequence,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                entry.step(),
                entry.run(),
                entry.verb(),
                entry.operation(),
                entry.actor(),
                entry.details());
        byte[] leaf = stored.leaf();
        handle.createUpdate(
                        "INSERT INTO pgcharter.journal (sequence, leaf, hash, run) VALUES (:sequence, :leaf, :hash, :run)")
                .bind("sequence", sequence)
                .bind("leaf", leaf)
                .bind("hash", MerkleTree.leafHash(leaf))
                .bind("run", entry.run().text())
                .execute();
        return stored;
    }

    private static long size(Handle handle) {
        return handle.createQuery("SELECT coalesce(max(sequence), 0) FROM pgcharter.journal")
                .mapTo(Long.class)
                .one();
    }

    /// Signs all entries so far, also if there are no new ones: a checkpoint that is missing shows as a gap. Reads only
    /// the entries since the last checkpoint.
    public Checkpoint checkpoint() {
        return jdbi.inTransaction(handle -> {
            handle.execute("SELECT pg_advisory_xact_lock(?)", APPEND_LOCK);
            Optional<Last> last = handle.createQuery(
                            "SELECT number, body, coalesce(peaks, '') AS peaks FROM pgcharter.checkpoint ORDER BY number DESC LIMIT 1")
                    .map(row ->
                            new Last(number(row, "number"), row.getColumn("body", String.class), bytes(row, "peaks")))
                    .findOne();
            MerkleTree tree = last.flatMap(Last::tree).orElseGet(MerkleTree::new);
            try (var hashes = handle.createQuery(
                            "SELECT hash FROM pgcharter.journal WHERE sequence > :size ORDER BY sequence")
                    .bind("size", tree.size())
                    .setFetchSize(FETCH)
                    .mapTo(byte[].class)
                    .iterator()) {
                hashes.forEachRemaining(tree::add);
            }
            Checkpoint unsigned = new Checkpoint(
                    last.map(Last::number).orElse(0L) + 1,
                    origin,
                    tree.size(),
                    HexFormat.of().formatHex(tree.root()),
                    clock.instant().truncatedTo(ChronoUnit.MICROS),
                    last.map(Last::body).map(Checkpoint::hash).orElse(Checkpoint.NONE),
                    key.publicKey(),
                    "");
            Checkpoint checkpoint = unsigned.withSignature(key.sign(unsigned.signed()));
            handle.createUpdate(
                            "INSERT INTO pgcharter.checkpoint (number, body, peaks) VALUES (:number, :body, :peaks)")
                    .bind("number", checkpoint.number())
                    .bind("body", checkpoint.toJson())
                    .bind("peaks", tree.peaks())
                    .execute();
            return checkpoint;
        });
    }

    /// The newest checkpoint as it is stored.
    private record Last(long number, String body, Bytes peaks) {
        /// The tree it was made of. Empty if the peaks do not have the root that was signed: whoever altered the one
        /// or the other gains nothing, for the tree is then made of all entries.
        Optional<MerkleTree> tree() {
            try {
                Checkpoint checkpoint = Checkpoint.fromJson(body);
                return MerkleTree.of(checkpoint.size(), peaks.value())
                        .filter(tree -> HexFormat.of().formatHex(tree.root()).equals(checkpoint.root()));
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }
    }

    /// The last `count` entries, oldest first.
    public List<Entry> last(int count) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT sequence, leaf FROM pgcharter.journal ORDER BY sequence DESC LIMIT :count")
                .bind("count", count)
                .map(row -> entry(number(row, "sequence"), bytes(row, "leaf").value()))
                .list()
                .reversed());
    }

    /// The `count` entries before the one numbered `number`, oldest first.
    public List<Entry> before(long number, int count) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT sequence, leaf FROM pgcharter.journal WHERE sequence < :number
                        ORDER BY sequence DESC LIMIT :count""")
                .bind("number", number)
                .bind("count", count)
                .map(row -> entry(number(row, "sequence"), bytes(row, "leaf").value()))
                .list()
                .reversed());
    }

    private static Entry entry(long sequence, byte[] leaf) {
        try {
            return Entry.of(leaf);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.JOURNAL_BROKEN,
                            "entry " + sequence + " of the journal cannot be read",
                            "it was altered: " + e.getMessage(),
                            "see what else was: pgcharter journal verify"),
                    e);
        }
    }

    /// The bytes of the entries from number `first` to number `last`.
    public List<byte[]> leaves(long first, long last) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT leaf FROM pgcharter.journal WHERE sequence BETWEEN :first AND :last ORDER BY sequence")
                .bind("first", first)
                .bind("last", last)
                .mapTo(byte[].class)
                .list());
    }

    /// Holds all entries against all checkpoints and the given anchors.
    public Report.JournalVerify verify(List<Anchor> anchors) {
        return jdbi.inTransaction(handle -> {
            handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            List<StoredCheckpoint> checkpoints = handle.createQuery(
                            "SELECT number, body FROM pgcharter.checkpoint ORDER BY number")
                    .map(row -> new StoredCheckpoint(number(row, "number"), row.getColumn("body", String.class)))
                    .list();
            try (var leaves = handle.createQuery("SELECT sequence, leaf, hash FROM pgcharter.journal ORDER BY sequence")
                    .setFetchSize(FETCH)
                    .map(row -> new StoredLeaf(number(row, "sequence"), bytes(row, "leaf"), bytes(row, "hash")))
                    .iterator()) {
                return JournalVerification.verify(leaves, checkpoints, anchors);
            }
        });
    }

    private static long number(RowView row, String column) {
        return row.getColumn(column, Long.class);
    }

    private static Bytes bytes(RowView row, String column) {
        return new Bytes(row.getColumn(column, byte[].class));
    }
}
