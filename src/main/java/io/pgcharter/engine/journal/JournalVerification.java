package io.pgcharter.engine.journal;

import io.pgcharter.model.operation.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Holds a journal against its checkpoints and anchors. Pure: records in, report out.
final class JournalVerification {
    private final List<String> breaks = new ArrayList<>();

    private JournalVerification() {}

    /// A row of the journal as it is stored.
    ///
    /// @param leaf the bytes; @param hash the hash stored beside them
    record StoredLeaf(long sequence, Bytes leaf, Bytes hash) {}

    /// @param leaves in order of sequence; @param checkpoints in order of number
    static Report.JournalVerify verify(List<StoredLeaf> leaves, List<Checkpoint> checkpoints, List<Anchor> anchors) {
        return new JournalVerification().run(leaves, checkpoints, anchors);
    }

    private Report.JournalVerify run(List<StoredLeaf> leaves, List<Checkpoint> checkpoints, List<Anchor> anchors) {
        Map<Long, String> roots = roots(leaves, checkpoints, anchors);
        chain(checkpoints);
        long checkpointed = 0;
        for (Checkpoint checkpoint : checkpoints) {
            if (vouches(checkpoint, "checkpoint " + checkpoint.number(), roots, leaves.size())) {
                checkpointed = Math.max(checkpointed, checkpoint.size());
            }
        }
        Map<Long, Checkpoint> known = new HashMap<>();
        checkpoints.forEach(checkpoint -> known.put(checkpoint.number(), checkpoint));
        long anchored = 0;
        List<Anchor> ordered = anchors.stream()
                .sorted(Comparator.comparingLong(anchor -> anchor.checkpoint().size()))
                .toList();
        for (Anchor anchor : ordered) {
            String name = "the anchor in " + anchor.place();
            if (!anchor.checkpoint().equals(known.get(anchor.checkpoint().number()))) {
                breaks.add(
                        name + " holds checkpoint " + anchor.checkpoint().number()
                                + ", which the journal does not have, or has otherwise: the journal was rolled back or replaced");
            }
            if (vouches(anchor.checkpoint(), name, roots, leaves.size())) {
                anchored = anchor.checkpoint().size();
            }
        }
        return new Report.JournalVerify(
                leaves.size(),
                roots.getOrDefault((long) leaves.size(), ""),
                checkpointed,
                anchored,
                anchors.size(),
                breaks);
    }

    /// The root over the first n leaves, for each n that is asked for; says which leaves are not what they were.
    private Map<Long, String> roots(List<StoredLeaf> leaves, List<Checkpoint> checkpoints, List<Anchor> anchors) {
        Map<Long, String> roots = new HashMap<>();
        checkpoints.forEach(checkpoint -> roots.put(checkpoint.size(), ""));
        anchors.forEach(anchor -> roots.put(anchor.checkpoint().size(), ""));
        roots.put((long) leaves.size(), "");
        MerkleTree tree = new MerkleTree();
        roots.computeIfPresent(0L, (_, _) -> hex(tree.root()));
        for (StoredLeaf leaf : leaves) {
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
        return roots;
    }

    /// Whether the bytes are an entry with the number it is stored under.
    private static boolean says(StoredLeaf leaf) {
        try {
            return Entry.of(leaf.leaf().value()).sequence() == leaf.sequence();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private void chain(List<Checkpoint> checkpoints) {
        String previous = Checkpoint.NONE;
        long number = 0;
        long size = 0;
        for (Checkpoint checkpoint : checkpoints) {
            if (checkpoint.number() != number + 1 || !checkpoint.previous().equals(previous)) {
                breaks.add("checkpoint " + checkpoint.number() + " does not follow checkpoint " + number
                        + ": one was altered or is missing");
            }
            if (checkpoint.size() < size) {
                breaks.add("checkpoint " + checkpoint.number() + " covers fewer entries than the one before it");
            }
            previous = checkpoint.hash();
            number = checkpoint.number();
            size = checkpoint.size();
        }
    }

    /// Whether the checkpoint is signed and the journal begins with what it signed; says so if not.
    private boolean vouches(Checkpoint checkpoint, String name, Map<Long, String> roots, long size) {
        if (!JournalKey.verifies(checkpoint.publicKey(), checkpoint.signed(), checkpoint.signature())) {
            breaks.add(name + " is not signed by the key it names");
            return false;
        }
        if (checkpoint.size() > size) {
            breaks.add(name + " covers " + checkpoint.size() + " entries, the journal has " + size
                    + ": entries were cut off");
            return false;
        }
        if (!checkpoint.root().equals(roots.get(checkpoint.size()))) {
            breaks.add(name + " does not fit the first " + checkpoint.size() + " entries: at least one was altered");
            return false;
        }
        return true;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
