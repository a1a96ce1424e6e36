package io.pgcharter.platform.repository;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where every blob is. Built for millions: about 70 bytes a blob, next to none of them on the heap ([IdTable]).
/// Thread-safe; only grows.
///
/// Each blob has one entry, numbered from 0. The entries of a pack follow one another.
final class BlobIndex {
    private static final int TREE_BIT = 1 << 31;

    /// Size of a pack that holds nothing: the header's seal and the four bytes of its length.
    static final int EMPTY_PACK_BYTES = Cryptor.OVERHEAD_BYTES + 4;

    /// An entry a blob: pack and type, offset, length, plain length.
    private final IdTable blobs;
    /// The same, for further places of blobs that have an entry.
    private final IdTable others;
    /// A row a pack: number of its first entry, high and low half of its size.
    private final IdTable packs;
    /// Packs that a prune will remove: any other place of a blob is better.
    private final Set<BlobId> marked;
    private final Scratch scratch;

    /// An index as it was saved.
    record Saved(IdTable.Saved blobs, IdTable.Saved others, IdTable.Saved packs) {
        static final Saved NONE = new Saved(IdTable.Saved.NONE, IdTable.Saved.NONE, IdTable.Saved.NONE);
    }

    BlobIndex() {
        this(Set.of());
    }

    BlobIndex(Set<BlobId> marked) {
        this(marked, new Scratch(Optional.empty()), Saved.NONE);
    }

    BlobIndex(Set<BlobId> marked, Scratch scratch, Saved saved) {
        this.marked = Set.copyOf(marked);
        this.scratch = scratch;
        blobs = new IdTable(scratch, saved.blobs());
        others = new IdTable(scratch, saved.others());
        packs = new IdTable(scratch, saved.packs());
    }

    /// An index of nothing, with its memory in the same place.
    BlobIndex empty() {
        return new BlobIndex(Set.of(), scratch, Saved.NONE);
    }

    /// @return the pack's number, or -1 if it is known already
    synchronized int addPack(BlobId pack) {
        if (packs.known(pack, _ -> true) >= 0) {
            return -1;
        }
        return packs.add(pack, blobs.count(), 0, EMPTY_PACK_BYTES, 0);
    }

    /// @param pack number of the blob's pack, which must be the one added last
    /// @return false if the blob was known, here or in another pack; the place known first stays, but for one in
    ///     a marked pack
    synchronized boolean add(int pack, PackedBlob blob) {
        if (pack != packs.count() - 1) {
            throw new IllegalStateException("pack " + pack + " of " + packs.count() + " is no longer being added");
        }
        long bytes = packBytes(pack) + blob.length() + blob.headerBytes();
        packs.number(pack, 1, (int) (bytes >>> 32));
        packs.number(pack, 2, (int) bytes);
        boolean isNew = blobs.known(blob.id(), row -> type(blobs, row) == blob.type()) < 0;
        add(isNew ? blobs : others, pack, blob);
        return isNew;
    }

    /// Notes a blob that has no pack yet.
    ///
    /// @return false if it was noted before
    synchronized boolean claim(BlobId id, BlobType type) {
        if (entryNumber(id, type) >= 0) {
            return false;
        }
        add(blobs, 0, new PackedBlob(id, type, 0, 0, 0));
        return true;
    }

    private static void add(IdTable table, int pack, PackedBlob blob) {
        int packAndType = pack | (blob.type() == BlobType.TREE ? TREE_BIT : 0);
        table.add(blob.id(), packAndType, blob.offset(), blob.length(), blob.plainLength());
    }

    /// Whether the blob is there to stay: not only in a marked pack.
    synchronized boolean contains(BlobId id, BlobType type) {
        int entry = entryNumber(id, type);
        return entry >= 0 && !isMarked(place(entry).pack());
    }

    /// Where a blob is.
    record Place(BlobId pack, PackedBlob blob) {}

    synchronized @Nullable Place find(BlobId id, BlobType type) {
        int entry = entryNumber(id, type);
        if (entry < 0) {
            return null;
        }
        Row row = place(entry);
        return new Place(packs.id(row.pack()), row.blob());
    }

    /// The number of the blob's entry, or -1.
    synchronized int entryNumber(BlobId id, BlobType type) {
        return blobs.find(id, row -> type(blobs, row) == type);
    }

    /// One place of a blob: a row of the entries or of the others.
    private record Row(IdTable table, int number) {
        int pack() {
            return table.number(number, 0) & ~TREE_BIT;
        }

        PackedBlob blob() {
            return new PackedBlob(
                    table.id(number),
                    type(table, number),
                    table.number(number, 1),
                    table.number(number, 2),
                    table.number(number, 3));
        }
    }

    private static BlobType type(IdTable table, int row) {
        return (table.number(row, 0) & TREE_BIT) == 0 ? BlobType.DATA : BlobType.TREE;
    }

    /// The place that counts.
    private Row place(int entry) {
        Row first = new Row(blobs, entry);
        if (!isMarked(first.pack())) {
            return first;
        }
        BlobType type = type(blobs, entry);
        int better = others.find(
                blobs.id(entry), row -> type(others, row) == type && !isMarked(new Row(others, row).pack()));
        return better < 0 ? first : new Row(others, better);
    }

    private boolean isMarked(int pack) {
        return !marked.isEmpty() && marked.contains(packs.id(pack));
    }

    synchronized int blobCount() {
        return blobs.count();
    }

    synchronized int packCount() {
        return packs.count();
    }

    synchronized BlobId pack(int number) {
        return packs.id(number);
    }

    synchronized boolean hasPack(BlobId pack) {
        return packs.find(pack, _ -> true) >= 0;
    }

    /// The size the pack's file must have.
    synchronized long packBytes(int number) {
        return ((long) packs.number(number, 1) << 32) | Integer.toUnsignedLong(packs.number(number, 2));
    }

    /// The entry's blob, where it is.
    synchronized PackedBlob entry(int number) {
        return place(number).blob();
    }

    /// The number of the pack that the entry's blob is in.
    synchronized int packOfEntry(int number) {
        return place(number).pack();
    }

    /// For each pack, by number, the entries of the blobs whose place it is, in the order in which the index
    /// lists them. A view: each list is made when it is asked for.
    synchronized List<int[]> entriesByPack() {
        int size = packs.count();
        Map<Integer, List<Integer>> better = betterPlaces();
        return new AbstractList<>() {
            @Override
            public int[] get(int pack) {
                return entries(pack, better.getOrDefault(pack, List.of()));
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private synchronized int[] entries(int pack, List<Integer> more) {
        int begin = packs.number(pack, 0);
        int end = pack + 1 < packs.count() ? packs.number(pack + 1, 0) : blobs.count();
        int[] entries = new int[end - begin + more.size()];
        int count = 0;
        for (int entry = begin; entry < end; entry++) {
            if (place(entry).pack() == pack) {
                entries[count++] = entry;
            }
        }
        for (int entry : more) {
            entries[count++] = entry;
        }
        return Arrays.copyOf(entries, count);
    }

    /// Entries whose place is another one than at first, by its pack.
    private Map<Integer, List<Integer>> betterPlaces() {
        Map<Integer, List<Integer>> better = new HashMap<>();
        for (int other = 0; !marked.isEmpty() && other < others.count(); other++) {
            int entry = entryNumber(others.id(other), type(others, other));
            Row place = place(entry);
            if (place.equals(new Row(others, other))) {
                better.computeIfAbsent(place.pack(), _ -> new ArrayList<>()).add(entry);
            }
        }
        return better;
    }

    /// How many entries there were when the index was saved.
    synchronized int savedCount() {
        return blobs.savedCount();
    }

    /// @return sizes of the tables, in the order they are written in
    synchronized int[] counts() {
        return new int[] {blobs.count(), others.count(), packs.count()};
    }

    /// Writes what a [Saved] is made of: entries, others, packs.
    synchronized void write(WritableByteChannel out) throws IOException {
        blobs.write(out);
        others.write(out);
        packs.write(out);
    }
}
