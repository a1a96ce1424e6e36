package io.pgcharter.platform.repository;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/// Rows of an id and four numbers, found by id, outside the heap: 48 bytes a row and 11 to 21 for the way to it.
/// Rows only come, and are numbered from 0; several may have the same id. Not thread-safe.
///
/// The way to a row is open addressing with linear probing. A digest's bits are as good as random, so an id's
/// first 64 bits say where to begin, and 32 others stand beside the row's number: a row is looked at only if it
/// is very likely the one.
///
/// What is looked up comes into memory page by page. Every [#FINDS_TO_LET_GO] look-ups the table lets go of all
/// of it, so that at most 64 MiB of a table of any size count as this process's; the pages stay in the kernel's
/// cache while there is room.
final class IdTable {
    static final int ROW_BYTES = 48;
    static final int SLOT_BYTES = 8;

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt NUMBER = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int SEGMENT_BITS = 16;
    private static final int SEGMENT_ROWS = 1 << SEGMENT_BITS;
    private static final int SEGMENT_ROWS_MIN = 256;
    private static final long SLOTS_MIN = 512;

    /// A page that is touched brings its neighbours along, 64 KiB in all; a look-up touches two places.
    private static final int FINDS_TO_LET_GO = 512;

    private final Scratch scratch;
    private final Saved saved;
    private final List<MemorySegment> added = new ArrayList<>();
    private MemorySegment slots;
    private int count;
    private int finds;

    /// A table as it stands in a file, mapped: its rows, and the way to them.
    record Saved(MemorySegment rows, MemorySegment slots) {
        static final Saved NONE = new Saved(MemorySegment.NULL, MemorySegment.NULL);

        int count() {
            return Math.toIntExact(rows.byteSize() / ROW_BYTES);
        }
    }

    /// @param saved the first rows
    IdTable(Scratch scratch, Saved saved) {
        this.scratch = scratch;
        this.saved = saved;
        count = saved.count();
        slots = scratch.allocate(SLOTS_MIN * SLOT_BYTES);
    }

    int count() {
        return count;
    }

    int savedCount() {
        return saved.count();
    }

    /// @return the row's number
    int add(BlobId id, int first, int second, int third, int fourth) {
        int row = count;
        MemorySegment segment = segmentToAdd(row - saved.count());
        count = Math.incrementExact(row);
        long at = offset(row);
        segment.set(WORD, at, id.first());
        segment.set(WORD, at + 8, id.second());
        segment.set(WORD, at + 16, id.third());
        segment.set(WORD, at + 24, id.fourth());
        segment.set(NUMBER, at + 32, first);
        segment.set(NUMBER, at + 36, second);
        segment.set(NUMBER, at + 40, third);
        segment.set(NUMBER, at + 44, fourth);
        point(slots, row);
        if ((count - saved.count()) * 4L > slots.byteSize() / SLOT_BYTES * 3) {
            letGo();
            slots = scratch.allocate(slots.byteSize() * 2);
            pointToAll(slots, saved.count());
        }
        return row;
    }

    private MemorySegment segmentToAdd(int number) {
        int segment = number >>> SEGMENT_BITS;
        if (segment == added.size()) {
            if (segment > 0) {
                letGo(added.getLast());
            }
            added.add(scratch.allocate((long) ROW_BYTES * (segment == 0 ? SEGMENT_ROWS_MIN : SEGMENT_ROWS)));
        } else if (offset(number + saved.count()) == added.get(segment).byteSize()) {
            MemorySegment larger = scratch.allocate(added.get(segment).byteSize() * 2);
            larger.copyFrom(added.get(segment));
            added.set(segment, larger);
        }
        return added.get(segment);
    }

    private MemorySegment segment(int row) {
        int number = row - saved.count();
        return number < 0 ? saved.rows() : added.get(number >>> SEGMENT_BITS);
    }

    private long offset(int row) {
        int number = row - saved.count();
        return (long) ROW_BYTES * (number < 0 ? row : number & (SEGMENT_ROWS - 1));
    }

    BlobId id(int row) {
        MemorySegment segment = segment(row);
        long at = offset(row);
        return new BlobId(
                segment.get(WORD, at),
                segment.get(WORD, at + 8),
                segment.get(WORD, at + 16),
                segment.get(WORD, at + 24));
    }

    /// @param number 0 to 3
    int number(int row, int number) {
        return segment(row).get(NUMBER, offset(row) + 32 + 4L * number);
    }

    /// Replaces a number of a row that was not saved.
    void number(int row, int number, int value) {
        segment(row).set(NUMBER, offset(row) + 32 + 4L * number, value);
    }

    /// The first row that has this id and fits, or -1.
    int find(BlobId id, IntPredicate fits) {
        if (++finds == FINDS_TO_LET_GO) {
            letGo();
        }
        return known(id, fits);
    }

    /// As [#find], for whoever adds: what it touches stays until somebody looks something up.
    int known(BlobId id, IntPredicate fits) {
        int row = saved.count() == 0 ? -1 : find(saved.slots(), id, fits);
        return row >= 0 || count == saved.count() ? row : find(slots, id, fits);
    }

    private int find(MemorySegment way, BlobId id, IntPredicate fits) {
        long slotCount = way.byteSize() / SLOT_BYTES;
        for (long slot = Math.unsignedMultiplyHigh(id.first(), slotCount); ; slot = next(slot, slotCount)) {
            long value = way.get(WORD, slot * SLOT_BYTES);
            if (value == 0) {
                return -1;
            }
            int row = (int) value - 1;
            if ((int) (value >>> 32) == tag(id.second()) && isOf(row, id) && fits.test(row)) {
                return row;
            }
        }
    }

    private static int tag(long word) {
        return (int) word;
    }

    private boolean isOf(int row, BlobId id) {
        MemorySegment segment = segment(row);
        long at = offset(row);
        return segment.get(WORD, at) == id.first()
                && segment.get(WORD, at + 8) == id.second()
                && segment.get(WORD, at + 16) == id.third()
                && segment.get(WORD, at + 24) == id.fourth();
    }

    private void pointToAll(MemorySegment way, int from) {
        for (int row = from; row < count; row++) {
            point(way, row);
            if ((row & (SEGMENT_ROWS - 1)) == SEGMENT_ROWS - 1) {
                letGo(segment(row));
            }
        }
    }

    private void point(MemorySegment way, int row) {
        MemorySegment segment = segment(row);
        long at = offset(row);
        long slotCount = way.byteSize() / SLOT_BYTES;
        long slot = Math.unsignedMultiplyHigh(segment.get(WORD, at), slotCount);
        while (way.get(WORD, slot * SLOT_BYTES) != 0) {
            slot = next(slot, slotCount);
        }
        way.set(WORD, slot * SLOT_BYTES, (long) tag(segment.get(WORD, at + 8)) << 32 | (row + 1));
    }

    private static long next(long slot, long slotCount) {
        return slot + 1 == slotCount ? 0 : slot + 1;
    }

    private void letGo() {
        finds = 0;
        letGo(saved.rows());
        letGo(saved.slots());
        letGo(slots);
        added.forEach(IdTable::letGo);
    }

    private static void letGo(MemorySegment segment) {
        if (segment.isMapped()) {
            segment.unload();
        }
    }

    /// How many slots a table of so many rows is saved with.
    static long slotCount(int rows) {
        return rows + rows / 3L + 1;
    }

    /// Writes all rows, then the way to them: `48 × count + 8 × slotCount(count)` bytes.
    void write(WritableByteChannel out) throws IOException {
        letGo();
        write(saved.rows(), out);
        for (int row = saved.count(); row < count; row += SEGMENT_ROWS) {
            long bytes = (long) ROW_BYTES * Math.min(SEGMENT_ROWS, count - row);
            write(segment(row).asSlice(0, bytes), out);
        }
        MemorySegment way = scratch.allocate(slotCount(count) * SLOT_BYTES);
        pointToAll(way, 0);
        write(way, out);
        letGo();
    }

    private static void write(MemorySegment segment, WritableByteChannel out) throws IOException {
        for (long done = 0; done < segment.byteSize(); ) {
            MemorySegment piece =
                    segment.asSlice(done, Math.min(SEGMENT_ROWS * (long) ROW_BYTES, segment.byteSize() - done));
            ByteBuffer bytes = piece.asByteBuffer();
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            done += piece.byteSize();
        }
        letGo(segment);
    }
}
