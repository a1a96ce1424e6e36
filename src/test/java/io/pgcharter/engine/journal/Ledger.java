package io.pgcharter.engine.journal;

import io.pgcharter.engine.journal.JournalVerification.StoredCheckpoint;
import io.pgcharter.engine.journal.JournalVerification.StoredLeaf;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// A journal in memory, as the control database would hold it: rows that tests alter.
record Ledger(List<StoredLeaf> leaves, List<StoredCheckpoint> checkpoints, MerkleTree tree) {
    static final Instant TIME = Instant.parse("2026-03-04T05:06:07.123456Z");

    /// `groups` times four entries and a checkpoint over all so far.
    static Ledger of(int groups, JournalKey key) {
        Ledger record = new Ledger(new ArrayList<>(), new ArrayList<>(), new MerkleTree());
        for (int group = 0; group < groups; group++) {
            for (Step step : Step.values()) {
                record.add(entry(record.leaves.size() + 1, step, "alice"));
            }
            record.sign(key);
        }
        return record;
    }

    static Entry entry(long sequence, Step step, String person) {
        return new Entry(
                sequence,
                TIME.plusSeconds(sequence),
                step,
                new RunId(String.format("%012x", sequence / 4)),
                "backup",
                "{\"database\":\"shop\"}",
                new Actor(person, Optional.of(new EnvironmentName("production"))),
                "{\"reasons\":[\"line 5: é \\\"quoted\\\" 💶\"]}");
    }

    static StoredLeaf stored(long sequence, byte[] leaf) {
        return new StoredLeaf(sequence, new Bytes(leaf), new Bytes(MerkleTree.leafHash(leaf)));
    }

    void add(Entry entry) {
        leaves.add(stored(entry.sequence(), entry.leaf()));
    }

    Checkpoint sign(JournalKey key) {
        leaves.subList((int) tree.size(), leaves.size())
                .forEach(leaf -> tree.add(MerkleTree.leafHash(leaf.leaf().value())));
        Checkpoint unsigned = new Checkpoint(
                checkpoints.size() + 1L,
                "host",
                tree.size(),
                HexFormat.of().formatHex(tree.root()),
                TIME.plusSeconds(tree.size()),
                checkpoints.isEmpty()
                        ? Checkpoint.NONE
                        : Checkpoint.hash(checkpoints.getLast().body()),
                key.publicKey(),
                "");
        Checkpoint checkpoint = unsigned.withSignature(key.sign(unsigned.signed()));
        checkpoints.add(new StoredCheckpoint(checkpoint.number(), checkpoint.toJson()));
        return checkpoint;
    }

    Checkpoint checkpoint(int number) {
        return Checkpoint.fromJson(checkpoints.get(number - 1).body());
    }

    Anchor anchor(int number) {
        return new Anchor(checkpoint(number), "repository 'vault', snapshot 1234567" + number);
    }

    Ledger copy() {
        return before(checkpoints.size());
    }

    /// As it was when checkpoint `number` was the newest.
    Ledger before(int number) {
        return new Ledger(
                new ArrayList<>(leaves.subList(0, number * 4)),
                new ArrayList<>(checkpoints.subList(0, number)),
                new MerkleTree());
    }

    Report.JournalVerify verify(List<Anchor> anchors) {
        return JournalVerification.verify(leaves.iterator(), checkpoints, anchors);
    }

    List<String> breaks(Anchor... anchors) {
        return verify(List.of(anchors)).breaks();
    }

    static JournalKey newKey() {
        try {
            Path directory = Files.createTempDirectory("key-");
            Path file = directory.resolve("journal.key");
            try {
                return JournalKey.loadOrCreate(file);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
