package io.pgcharter.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.journal.JournalVerification.StoredCheckpoint;
import io.pgcharter.engine.journal.JournalVerification.StoredLeaf;
import io.pgcharter.model.operation.Report;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Every way to change a record, and the number at which the verification breaks. The record has 5 checkpoints, each
/// over 4 entries more.
class JournalVerificationTest {
    private static final JournalKey KEY = Ledger.newKey();
    private static final Ledger LEDGER = Ledger.of(5, KEY);

    @Test
    void an_untouched_record_holds_and_says_how_far_it_is_signed_and_anchored() {
        Ledger record = LEDGER.copy();
        record.add(Ledger.entry(21, Step.ASKED, "alice"));
        Report.JournalVerify report = record.verify(List.of(LEDGER.anchor(2), LEDGER.anchor(4)));
        assertThat(report.breaks()).isEmpty();
        assertThat(report.size()).isEqualTo(21);
        assertThat(report.checkpointedSize()).isEqualTo(20);
        assertThat(report.anchoredSize()).isEqualTo(16);
        assertThat(report.anchorCount()).isEqualTo(2);
        assertThat(LEDGER.verify(List.of()).root())
                .isEqualTo(LEDGER.checkpoint(5).root());
    }

    @Test
    void nothing_at_all_holds() {
        Report.JournalVerify report = Ledger.of(0, KEY).verify(List.of());
        assertThat(report.breaks()).isEmpty();
        assertThat(report.size()).isZero();
    }

    @Property(tries = 80)
    void a_flipped_bit_of_an_entry_is_found_at_its_number(
            @ForAll @IntRange(max = 19) int index,
            @ForAll @IntRange(max = 100_000) int bit,
            @ForAll boolean isRehashed) {
        Ledger record = LEDGER.copy();
        StoredLeaf leaf = record.leaves().get(index);
        byte[] bytes = leaf.leaf().value();
        int position = bit % (bytes.length * 8);
        bytes[position / 8] ^= (byte) (1 << position % 8);
        record.leaves()
                .set(
                        index,
                        isRehashed
                                ? Ledger.stored(leaf.sequence(), bytes)
                                : new StoredLeaf(leaf.sequence(), new Bytes(bytes), leaf.hash()));

        List<String> breaks = record.breaks();
        int sound = index / 4;
        if (!isRehashed) {
            assertThat(breaks).contains("entry " + (index + 1) + " was altered: its bytes do not have its hash");
        }
        assertThat(breaks)
                .contains("checkpoint " + (sound + 1) + " does not fit the first " + (sound + 1) * 4
                        + " entries: at least one " + (sound > 0 ? "behind entry " + sound * 4 + " " : "")
                        + "was altered");
        assertThat(record.verify(List.of()).checkpointedSize()).isEqualTo(sound * 4L);
        assertThat(breaks).hasSizeLessThan(6);
    }

    @Property(tries = 20)
    void a_flipped_bit_of_a_stored_hash_is_found_at_its_number(
            @ForAll @IntRange(max = 19) int index, @ForAll @IntRange(max = 255) int bit) {
        Ledger record = LEDGER.copy();
        StoredLeaf leaf = record.leaves().get(index);
        byte[] hash = leaf.hash().value();
        hash[bit / 8] ^= (byte) (1 << bit % 8);
        record.leaves().set(index, new StoredLeaf(leaf.sequence(), leaf.leaf(), new Bytes(hash)));
        assertThat(record.breaks())
                .containsExactly("entry " + (index + 1) + " was altered: its bytes do not have its hash");
    }

    @Property(tries = 40)
    void a_removed_entry_is_found_at_its_number_also_if_the_others_move_up(
            @ForAll @IntRange(max = 19) int index, @ForAll boolean isRenumbered) {
        Ledger record = LEDGER.copy();
        record.leaves().remove(index);
        if (isRenumbered) {
            record.leaves()
                    .replaceAll(leaf -> leaf.sequence() <= index + 1
                            ? leaf
                            : new StoredLeaf(leaf.sequence() - 1, leaf.leaf(), leaf.hash()));
        }
        List<String> breaks = record.breaks();
        if (index == 19) {
            assertThat(breaks)
                    .containsExactly("checkpoint 5 covers 20 entries, the journal has 19: entries were cut off");
        } else if (isRenumbered) {
            assertThat(breaks.getFirst())
                    .isEqualTo(
                            "entry " + (index + 1) + " was altered: its bytes are those of another entry, or of none");
        } else {
            assertThat(breaks.getFirst())
                    .isEqualTo("entry " + (index + 1) + " is missing or out of order: entry " + (index + 2)
                            + " stands in its place");
        }
    }

    @Property(tries = 30)
    void two_swapped_entries_are_both_found_at_their_numbers(
            @ForAll @IntRange(max = 19) int one, @ForAll @IntRange(max = 19) int other) {
        Ledger record = LEDGER.copy();
        StoredLeaf first = record.leaves().get(one);
        StoredLeaf second = record.leaves().get(other);
        record.leaves().set(one, new StoredLeaf(first.sequence(), second.leaf(), second.hash()));
        record.leaves().set(other, new StoredLeaf(second.sequence(), first.leaf(), first.hash()));
        if (one == other) {
            assertThat(record.breaks()).isEmpty();
            return;
        }
        assertThat(record.breaks())
                .contains(
                        "entry " + (one + 1) + " was altered: its bytes are those of another entry, or of none",
                        "entry " + (other + 1) + " was altered: its bytes are those of another entry, or of none")
                .anyMatch(line -> line.startsWith("checkpoint " + (Math.min(one, other) / 4 + 1) + " does not fit"));
    }

    @Property(tries = 20)
    void entries_cut_off_the_end_are_missed_by_the_checkpoints_over_them(@ForAll @IntRange(max = 19) int size) {
        Ledger record = LEDGER.copy();
        record.leaves().subList(size, 20).clear();
        int first = size / 4 + 1;
        assertThat(record.breaks().getFirst())
                .isEqualTo("checkpoint " + first + " covers " + first * 4 + " entries, the journal has " + size
                        + ": entries were cut off");
    }

    @Test
    void an_inserted_entry_is_found() {
        Ledger record = LEDGER.copy();
        record.leaves()
                .add(7, Ledger.stored(8, Ledger.entry(8, Step.ASKED, "mallory").leaf()));
        assertThat(record.breaks())
                .contains("entry 9 is missing or out of order: entry 8 stands in its place")
                .anyMatch(line -> line.startsWith("checkpoint 2 does not fit the first 8 entries"));
    }

    @Property(tries = 5)
    void a_removed_checkpoint_leaves_a_gap(@ForAll @IntRange(min = 1, max = 4) int number) {
        Ledger record = LEDGER.copy();
        record.checkpoints().remove(number - 1);
        assertThat(record.breaks())
                .containsExactly("checkpoint " + (number + 1) + " does not follow checkpoint " + (number - 1)
                        + ": one was altered or is missing");
    }

    @Property(tries = 80)
    void a_flipped_bit_of_a_checkpoint_is_found(
            @ForAll @IntRange(min = 1, max = 5) int number, @ForAll @IntRange(max = 100_000) int bit) {
        Ledger record = LEDGER.copy();
        byte[] body = record.checkpoints().get(number - 1).body().getBytes(StandardCharsets.ISO_8859_1);
        int position = bit % (body.length * 8);
        body[position / 8] ^= (byte) (1 << position % 8);
        record.checkpoints()
                .set(number - 1, new StoredCheckpoint(number, new String(body, StandardCharsets.ISO_8859_1)));
        assertThat(record.breaks()).isNotEmpty().allMatch(line -> line.contains("checkpoint"));
    }

    @Test
    void a_checkpoint_that_is_no_checkpoint_is_named() {
        Ledger record = LEDGER.copy();
        record.checkpoints().set(2, new StoredCheckpoint(3, "nothing of the kind"));
        assertThat(record.breaks())
                .containsExactly(
                        "checkpoint 3 was altered: it cannot be read",
                        "checkpoint 4 does not follow checkpoint 3: one was altered or is missing");
    }

    @Test
    void an_entry_rewritten_and_signed_anew_by_another_key_breaks_the_chain() {
        JournalKey mallory = Ledger.newKey();
        Ledger record = LEDGER.before(2);
        record.leaves()
                .set(6, Ledger.stored(7, Ledger.entry(7, Step.BEGUN, "mallory").leaf()));
        record.checkpoints().removeLast();
        record.sign(mallory);
        record.leaves().addAll(LEDGER.leaves().subList(8, 20));
        record.checkpoints().addAll(LEDGER.checkpoints().subList(2, 5));
        assertThat(record.breaks())
                .contains("checkpoint 3 does not follow checkpoint 2: one was altered or is missing")
                .anyMatch(line -> line.startsWith("checkpoint 3 does not fit the first 12 entries"));
    }

    @Test
    void a_signature_of_another_key_under_the_old_keys_name_is_none() {
        Ledger record = LEDGER.copy();
        Checkpoint last = record.checkpoint(5);
        Checkpoint forged = last.withSignature(Ledger.newKey().sign(last.signed()));
        record.checkpoints().set(4, new StoredCheckpoint(5, forged.toJson()));
        assertThat(record.breaks()).containsExactly("checkpoint 5 is not signed by the key it names");
    }

    @Property(tries = 20)
    void a_record_written_anew_from_anywhere_and_signed_with_any_key_contradicts_an_anchor_over_it(
            @ForAll @IntRange(min = 1, max = 4) int sound, @ForAll boolean isSameKey) {
        Ledger record = LEDGER.before(sound);
        JournalKey key = isSameKey ? KEY : Ledger.newKey();
        while (record.checkpoints().size() < 5) {
            for (Step step : Step.values()) {
                record.add(Ledger.entry(record.leaves().size() + 1, step, "mallory"));
            }
            record.sign(key);
        }
        assertThat(record.breaks()).isEmpty();
        Anchor anchor = LEDGER.anchor(5);
        assertThat(record.breaks(LEDGER.anchor(sound), anchor))
                .containsExactly(
                        "the anchor in " + anchor.place()
                                + " holds checkpoint 5, which the journal does not have, or has otherwise:"
                                + " the journal was rolled back or replaced",
                        "the anchor in " + anchor.place() + " does not fit the first 20 entries: at least one behind"
                                + " entry " + sound * 4 + " was altered");
        assertThat(record.verify(List.of(LEDGER.anchor(sound), anchor)).anchoredSize())
                .isEqualTo(sound * 4L);
    }

    @Property(tries = 10)
    void an_older_state_brought_back_contradicts_a_newer_anchor(@ForAll @IntRange(min = 1, max = 4) int number) {
        Ledger old = LEDGER.before(number);
        assertThat(old.breaks(LEDGER.anchor(1))).isEmpty();
        Anchor anchor = LEDGER.anchor(5);
        assertThat(old.breaks(anchor))
                .containsExactly(
                        "the anchor in " + anchor.place()
                                + " holds checkpoint 5, which the journal does not have, or has otherwise:"
                                + " the journal was rolled back or replaced",
                        "the anchor in " + anchor.place() + " covers 20 entries, the journal has " + number * 4
                                + ": entries were cut off");
    }

    @Test
    void an_anchor_whose_checkpoint_was_altered_is_named() {
        Checkpoint good = LEDGER.checkpoint(3);
        Checkpoint bad = new Checkpoint(
                3,
                good.origin(),
                12,
                LEDGER.checkpoint(2).root(),
                good.time(),
                good.previous(),
                good.publicKey(),
                good.signature());
        assertThat(LEDGER.breaks(new Anchor(bad, "repository 'vault', snapshot x")))
                .contains("the anchor in repository 'vault', snapshot x is not signed by the key it names");
    }

    @Test
    void a_checkpoint_and_an_entry_read_back_as_they_were() {
        Checkpoint checkpoint = LEDGER.checkpoint(2);
        assertThat(Checkpoint.fromJson(checkpoint.toJson())).isEqualTo(checkpoint);
        Entry entry = Ledger.entry(9, Step.ENDED, "alice");
        assertThat(Entry.of(entry.leaf())).isEqualTo(entry);
        assertThat(JournalKey.verifies(checkpoint.publicKey(), checkpoint.signed(), checkpoint.signature()))
                .isTrue();
        for (String nonsense : new String[] {"", "AAAA", "no base64!", checkpoint.publicKey()}) {
            assertThat(JournalKey.verifies(checkpoint.publicKey(), checkpoint.signed(), nonsense))
                    .isFalse();
            assertThat(nonsense.equals(checkpoint.publicKey())
                            || !JournalKey.verifies(nonsense, checkpoint.signed(), checkpoint.signature()))
                    .isTrue();
        }
    }
}
