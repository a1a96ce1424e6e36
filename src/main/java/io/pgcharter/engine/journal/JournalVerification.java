package io.pgcharter.engine.journal;

import io.pgcharter.model.operation.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Holds a journal against its checkpoints and anchors. Pure: records in, report out.
final class JournalVerification {
    private final List<String> breaks = new ArrayList<>();
    private final MerkleTree tree = new MerkleTree();
    /// The root over the first n entries, for each n that a checkpoint or an anchor covers.
    private final Map<Long, String> roots = new HashMap<>();
    /// The checkpoints that can be read, by number.
    private final Map<Long, Checkpoint> known = new HashMap<>();

    private JournalVerification() {}

    /// A row of the journal as it is stored.
    ///
    /// @param leaf the bytes; @param hash the hash stored beside them
    record StoredLeaf(long sequence, Bytes leaf, Bytes hash) {}

    /// A checkpoint as it is stored.
    record StoredCheckpoint(long number, String body) {}

    /// @param leaves in order of sequence, gone through once; @param checkpoints in order of number
    static Report.JournalVerify verify(
            Iterator<StoredLeaf> leaves, List<StoredCheckpoint> checkpoints, List<Anchor> anchors) {
        return new JournalVerification().run(leaves, checkpoints, anchors);
    }

    private Report.JournalVerify run(Iterator<StoredLeaf> leaves, List<StoredCheckpoint> stored, List<Anchor> anchors) {
        List<Checkpoint> checkpoints = chain(stored);
        checkpoints.forEach(checkpoint -> roots.put(checkpoint.size(), ""));
        anchors.forEach(anchor -> roots.put(anchor.checkpoint().size(), ""));
        read(leaves);
        return new Report.JournalVerify(
                tree.size(), hex(tree.root()), checkpointed(checkpoints), anchored(anchors), anchors.size(), breaks);
    }

    /// Says which checkpoints are not what they were, and returns those that can be read.
    private List<Checkpoint> chain(List<StoredCheckpoint> stored) {
        List<Checkpoint> checkpoints = new ArrayList<>();
        String previous = Checkpoint.NONE;
        long number = 0;
        long size = 0;
        for (StoredCheckpoint row : stored) {
            Checkpoint checkpoint;
            try {
                checkpoint = Checkpoint.fromJson(row.body());
            } catch (IllegalArgumentException _) {
                breaks.add("checkpoint " + row.number() + " was altered: it cannot be read");
                previous = Checkpoint.hash(row.body());
                number = row.number();
                continue;
            }
            if (row.number() != number + 1
                    || checkpoint.number() != row.number()
                    || !checkpoint.previous().equals(previous)) {
                breaks.add("checkpoint " + row.number() + " does not follow checkpoint " + number
                        + ": one was altered or is missing");
            }
            if (checkpoint.size() < size) {
                breaks.add("checkpoint " + row.number() + " covers fewer entries than the one before it");
            }
            previous = Checkpoint.hash(row.body());
            number = row.number();
            size = checkpoint.size();
            checkpoints.add(checkpoint);
            known.put(checkpoint.number(), checkpoint);
        }
        return checkpoints;
    }

    /// Builds the tree anew from the entries; says which are not what they were.
    private void read(Iterator<StoredLeaf> leaves) {
        roots.computeIfPresent(0L, (_, _) -> hex(tree.root()));
        while (leaves.hasNext()) {
            StoredLeaf leaf = leaves.next();
            if (leaf.sequence() != tree.size() + 1) {
                breaks.add("entry " + (tree.size() + 1) + " is missing or out of order: entry " + leaf.sequence()
                        + " stands in its place");
            }
            byte[] hash = MerkleTree.leafHash(leaf.leaf().value());
            if (!Arrays.equals(hash, leaf.hash().value())) {
                breaks.add("entry " + leaf.sequence() + " was altered: its bytes do not have its hash");
            }
            if (!says(leaf)) {
                breaks.add(
                        "entry " + leaf.sequence() + " was altered: its bytes are those of another entry, or of none");
            }
            tree.add(hash);
            roots.computeIfPresent(tree.size(), (_, _) -> hex(tree.root()));
        }
    }

    /// Whether the bytes are an entry with the number it is stored under.
    private static boolean says(StoredLeaf leaf) {
        try {
            return Entry.of(leaf.leaf().value()).sequence() == leaf.sequence();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// How many entries a checkpoint vouches for. Of checkpoints that do not, the first is named, for it says where the
    /// altered entry is, and the others are counted.
    private long checkpointed(List<Checkpoint> checkpoints) {
        long vouched = 0;
        List<String> contradictions = new ArrayList<>();
        for (Checkpoint checkpoint : checkpoints) {
            String contradiction = contradiction(checkpoint, vouched);
            if (contradiction.isEmpty()) {
                vouched = Math.max(vouched, checkpoint.size());
            } else {
                contradictions.add("checkpoint " + checkpoint.number() + " " + contradiction);
            }
        }
        if (!contradictions.isEmpty()) {
            breaks.add(contradictions.getFirst());
        }
        if (contradictions.size() > 1) {
            breaks.add("and " + (contradictions.size() - 1) + " more checkpoints do not hold, the last: "
                    + contradictions.getLast());
        }
        return vouched;
    }

    private long anchored(List<Anchor> anchors) {
        long vouched = 0;
        List<Anchor> ordered = anchors.stream()
                .sorted(Comparator.comparingLong(anchor -> anchor.checkpoint().size()))
                .toList();
        for (Anchor anchor : ordered) {
            Checkpoint checkpoint = anchor.checkpoint();
            String name = "the anchor in " + anchor.place();
            if (!checkpoint.equals(known.get(checkpoint.number()))) {
                breaks.add(
                        name + " holds checkpoint " + checkpoint.number()
                                + ", which the journal does not have, or has otherwise: the journal was rolled back or replaced");
            }
            String contradiction = contradiction(checkpoint, vouched);
            if (contradiction.isEmpty()) {
                vouched = checkpoint.size();
            } else {
                breaks.add(name + " " + contradiction);
            }
        }
        return vouched;
    }

    /// Why the checkpoint does not vouch for the first entries; empty if it does.
    ///
    /// @param vouched how many entries something before it vouches for
    private String contradiction(Checkpoint checkpoint, long vouched) {
        if (!JournalKey.verifies(checkpoint.publicKey(), checkpoint.signed(), checkpoint.signature())) {
            return "is not signed by the key it names";
        }
        long size = checkpoint.size();
        if (size > tree.size()) {
            return "covers " + size + " entries, the journal has " + tree.size() + ": entries were cut off";
        }
        if (!checkpoint.root().equals(roots.get(size))) {
            return "does not fit the first " + size + " entries: at least one "
                    + (vouched > 0 && vouched < size ? "behind entry " + vouched + " " : "") + "was altered";
        }
        return "";
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
