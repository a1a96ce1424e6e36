package io.pgcharter.platform.repository;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where every blob is. Built for millions: about 55 bytes a blob, no object per blob. Thread-safe; only grows.
final class BlobIndex {
    private static final int SEGMENT_BITS = 14;
    private static final int SEGMENT_ENTRIES = 1 << SEGMENT_BITS;
    private static final int ID_WORDS = 4;
    private static final int FACTS = 4;
    private static final int TREE_BIT = 1 << 31;

    /// Size of a pack that holds nothing: the header's seal and the four bytes of its length.
    static final int EMPTY_PACK_BYTES = Cryptor.OVERHEAD_BYTES + 4;

    private final List<long[]> ids = new ArrayList<>();
    private final List<int[]> facts = new ArrayList<>();
    private final List<BlobId> packs = new ArrayList<>();
    private final List<Long> packBytes = new ArrayList<>();
    private final Map<BlobId, Integer> packNumbers = new HashMap<>();
    /// Packs that a prune will remove: any other place of a blob is better.
    private final Set<BlobId> marked;

    /// Entry number plus one, 0 where empty; open addressing, linear probing.
    private int[] table = new int[1024];
    private int count;

    BlobIndex() {
        this(Set.of());
    }

    BlobIndex(Set<BlobId> marked) {
        this.marked = Set.copyOf(marked);
    }

    /// @return the pack's number, or -1 if it is known already
    synchronized int addPack(BlobId pack) {
        int number = packs.size();
        if (packNumbers.putIfAbsent(pack, number) != null) {
            return -1;
        }
        packs.add(pack);
        packBytes.add((long) EMPTY_PACK_BYTES);
        return number;
    }

    /// @param pack number of the blob's pack
    /// @return false if the blob was known, here or in another pack; the place known first stays, but for one in a
    ///     marked pack
    synchronized boolean add(int pack, PackedBlob blob) {
        packBytes.set(pack, packBytes.get(pack) + blob.length() + blob.headerBytes());
        return insert(pack, blob);
    }

    /// Notes a blob that has no pack yet.
    synchronized boolean claim(BlobId id, BlobType type) {
        return insert(0, new PackedBlob(id, type, 0, 0, 0));
    }

    private boolean insert(int pack, PackedBlob blob) {
        int slot = slot(blob.id(), blob.type());
        if (table[slot] != 0) {
            int known = table[slot] - 1;
            if (isMarked(packNumber(known)) && !isMarked(pack)) {
                place(known, pack, blob);
            }
            return false;
        }
        int entry = count++;
        if (entry >> SEGMENT_BITS == ids.size()) {
            ids.add(new long[SEGMENT_ENTRIES * ID_WORDS]);
            facts.add(new int[SEGMENT_ENTRIES * FACTS]);
        }
        long[] words = ids.get(entry >> SEGMENT_BITS);
        int word = (entry & (SEGMENT_ENTRIES - 1)) * ID_WORDS;
        words[word] = blob.id().first();
        words[word + 1] = blob.id().second();
        words[word + 2] = blob.id().third();
        words[word + 3] = blob.id().fourth();
        place(entry, pack, blob);
        table[slot] = entry + 1;
        if (count * 3L > table.length * 2L) {
            grow();
        }
        return true;
    }

    private void place(int entry, int pack, PackedBlob blob) {
        int[] numbers = facts.get(entry >> SEGMENT_BITS);
        int fact = (entry & (SEGMENT_ENTRIES - 1)) * FACTS;
        numbers[fact] = pack | (blob.type() == BlobType.TREE ? TREE_BIT : 0);
        numbers[fact + 1] = blob.offset();
        numbers[fact + 2] = blob.length();
        numbers[fact + 3] = blob.plainLength();
    }

    private boolean isMarked(int pack) {
        return !marked.isEmpty() && marked.contains(packs.get(pack));
    }

    private void grow() {
        table = new int[Math.multiplyExact(table.length, 2)];
        for (int entry = 0; entry < count; entry++) {
            int slot = first(id(entry));
            while (table[slot] != 0) {
                slot = (slot + 1) & (table.length - 1);
            }
            table[slot] = entry + 1;
        }
    }

    private int first(BlobId id) {
        // A digest's bits are as good as random.
        return (int) id.first() & (table.length - 1);
    }

    /// The slot that holds the blob, or the empty one where it belongs.
    private int slot(BlobId id, BlobType type) {
        int slot = first(id);
        while (table[slot] != 0 && !matches(table[slot] - 1, id, type)) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    private boolean matches(int entry, BlobId id, BlobType type) {
        long[] words = ids.get(entry >> SEGMENT_BITS);
        int word = (entry & (SEGMENT_ENTRIES - 1)) * ID_WORDS;
        return words[word] == id.first()
                && words[word + 1] == id.second()
                && words[word + 2] == id.third()
                && words[word + 3] == id.fourth()
                && type(entry) == type;
    }

    private BlobId id(int entry) {
        long[] words = ids.get(entry >> SEGMENT_BITS);
        int word = (entry & (SEGMENT_ENTRIES - 1)) * ID_WORDS;
        return new BlobId(words[word], words[word + 1], words[word + 2], words[word + 3]);
    }

    private BlobType type(int entry) {
        return (fact(entry, 0) & TREE_BIT) == 0 ? BlobType.DATA : BlobType.TREE;
    }

    private int fact(int entry, int number) {
        return facts.get(entry >> SEGMENT_BITS)[(entry & (SEGMENT_ENTRIES - 1)) * FACTS + number];
    }

    /// Whether the blob is there to stay: not only in a marked pack.
    synchronized boolean contains(BlobId id, BlobType type) {
        int entry = table[slot(id, type)] - 1;
        return entry >= 0 && !isMarked(packNumber(entry));
    }

    /// Where a blob is.
    record Place(BlobId pack, PackedBlob blob) {}

    synchronized @Nullable Place find(BlobId id, BlobType type) {
        int entry = table[slot(id, type)] - 1;
        return entry < 0 ? null : new Place(packs.get(packNumber(entry)), blob(entry));
    }

    private int packNumber(int entry) {
        return fact(entry, 0) & ~TREE_BIT;
    }

    private PackedBlob blob(int entry) {
        return new PackedBlob(id(entry), type(entry), fact(entry, 1), fact(entry, 2), fact(entry, 3));
    }

    synchronized int blobCount() {
        return count;
    }

    synchronized int packCount() {
        return packs.size();
    }

    synchronized BlobId pack(int number) {
        return packs.get(number);
    }

    synchronized boolean hasPack(BlobId pack) {
        return packNumbers.containsKey(pack);
    }

    /// The size the pack's file must have.
    synchronized long packBytes(int number) {
        return packBytes.get(number);
    }

    /// For each pack, by number, the blobs found there first, in the order of their offsets.
    synchronized List<int[]> entriesByPack() {
        int[] sizes = new int[packs.size()];
        for (int entry = 0; entry < count; entry++) {
            sizes[packNumber(entry)]++;
        }
        List<int[]> entries = new ArrayList<>(sizes.length);
        for (int size : sizes) {
            entries.add(new int[size]);
        }
        Arrays.fill(sizes, 0);
        for (int entry = 0; entry < count; entry++) {
            int pack = packNumber(entry);
            entries.get(pack)[sizes[pack]++] = entry;
        }
        return entries;
    }

    synchronized PackedBlob entry(int number) {
        return blob(number);
    }

    /// The number of the blob's entry, or -1.
    synchronized int entryNumber(BlobId id, BlobType type) {
        return table[slot(id, type)] - 1;
    }

    /// The number of the pack that the entry's blob is in.
    synchronized int packOfEntry(int number) {
        return packNumber(number);
    }
}
