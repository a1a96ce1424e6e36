package io.pgcharter.platform.repository;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// This machine's copy of one repository's index, as a file that is mapped and not read: `index` in a directory
/// of its own. Many processes may use it at once. It may be removed at any moment; it is then made again. Nothing
/// that goes wrong with it is an error. Thread-safe.
///
/// It is as good as the index files it was made from, or not used: its end is sealed with the repository's key
/// and holds the SHA-256 of all before, which is computed each time it is opened. Whoever lacks the key cannot
/// forge one, and an old one put back is not used if one of its index files is gone from the repository, and
/// completed from those it lacks.
///
/// ```
/// blobs, others, packs   each: rows, slots (IdTable)
/// names                  32 bytes for each index file that is in it
/// seal                   sealed: magic, repository's id, four counts (4 bytes each), SHA-256 of all before
/// ```
final class IndexCache {
    private static final String FILE = "index";
    private static final String UNFINISHED = "index-tmp-";
    private static final Duration UNFINISHED_MAX_AGE = Duration.ofDays(1);

    /// Below, reading the index files takes a fraction of a second.
    private static final int ENTRIES_MIN = 20_000;
    /// Written again when a sixteenth of the entries is not in it.
    private static final int GROWTH = 16;

    private static final byte[] MAGIC = "pgcharter index cache, form 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int SEAL_BYTES = MAGIC.length + BlobId.SIZE_BYTES + 4 * 4 + BlobId.SIZE_BYTES;
    private static final int SEALED_BYTES = SEAL_BYTES + Cryptor.OVERHEAD_BYTES;
    private static final int PIECE_BYTES = 256 * 1024;

    private final Optional<Path> directory;
    private final BlobId repository;
    private final MasterKey key;
    private final AtomicInteger keptCount = new AtomicInteger();

    /// @param directory of this repository alone; without one nothing is kept
    IndexCache(Optional<Path> directory, String repository, MasterKey key) {
        this.directory = directory;
        this.repository = BlobId.isHex(repository) ? BlobId.parse(repository) : new BlobId(0, 0, 0, 0);
        this.key = key;
    }

    /// Where an index keeps what is not in the cache.
    Scratch scratch() {
        return new Scratch(directory);
    }

    /// What is in the cache.
    ///
    /// @param files names of the index files it was made from
    record Content(BlobIndex.Saved index, Set<String> files) {
        static final Content NONE = new Content(BlobIndex.Saved.NONE, Set.of());
    }

    /// @param present names of the repository's index files now
    /// @return nothing if there is no cache, it is damaged or forged, or it holds a file that is gone
    Content read(Collection<String> present) {
        if (directory.isEmpty()) {
            return Content.NONE;
        }
        keptCount.set(0);
        Path file = directory.get().resolve(FILE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Content content = read(channel);
            if (content.files().isEmpty() || !Set.copyOf(present).containsAll(content.files())) {
                Files.deleteIfExists(file);
                return Content.NONE;
            }
            return content;
        } catch (IOException _) {
            return Content.NONE;
        }
    }

    private Content read(FileChannel channel) throws IOException {
        long end = channel.size() - SEALED_BYTES;
        byte[] sealed = new byte[SEALED_BYTES];
        if (end < 0
                || readFully(channel, ByteBuffer.wrap(sealed), end) < SEALED_BYTES
                || !new Cryptor(key).open(sealed, 0, SEALED_BYTES)) {
            return Content.NONE;
        }
        ByteBuffer seal =
                ByteBuffer.wrap(sealed, Cryptor.IV_BYTES, SEAL_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
        Layout layout = Layout.of(seal);
        byte[] expected = layout.seal(repository, digest(channel, end));
        // The digest is compared with the rest: all of the seal is what we would write now, or it is not ours.
        if (layout.sizeBytes() != end
                || !MessageDigest.isEqual(expected, Arrays.copyOfRange(sealed, 16, 16 + SEAL_BYTES))) {
            return Content.NONE;
        }
        MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, end, Arena.ofAuto());
        return layout.content(all);
    }

    private static BlobId digest(FileChannel channel, long end) throws IOException {
        MessageDigest sha256 = BlobId.sha256();
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        for (long position = 0; position < end; ) {
            piece.clear().limit((int) Math.min(PIECE_BYTES, end - position));
            int count = readFully(channel, piece, position);
            BlobId.update(sha256, piece.array(), 0, count);
            position += count;
            if (piece.hasRemaining()) {
                break;
            }
        }
        return BlobId.read(sha256.digest(), 0);
    }

    private static int readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            int count = channel.read(target, position + total);
            if (count < 0) {
                break;
            }
            total += count;
        }
        return total;
    }

    /// How long each part is.
    private record Layout(int blobs, int others, int packs, int files) {
        static Layout of(ByteBuffer seal) {
            int at = MAGIC.length + BlobId.SIZE_BYTES;
            return new Layout(seal.getInt(at), seal.getInt(at + 4), seal.getInt(at + 8), seal.getInt(at + 12));
        }

        byte[] seal(BlobId repository, BlobId digest) {
            byte[] seal = new byte[SEAL_BYTES];
            ByteBuffer buffer =
                    ByteBuffer.wrap(seal).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC);
            repository.write(seal, buffer.position());
            buffer.position(buffer.position() + BlobId.SIZE_BYTES);
            buffer.putInt(blobs).putInt(others).putInt(packs).putInt(files);
            digest.write(seal, buffer.position());
            return seal;
        }

        private static long tableBytes(int rows) {
            return (long) rows * IdTable.ROW_BYTES + IdTable.slotCount(rows) * IdTable.SLOT_BYTES;
        }

        long sizeBytes() {
            return tableBytes(blobs) + tableBytes(others) + tableBytes(packs) + (long) files * BlobId.SIZE_BYTES;
        }

        Content content(MemorySegment all) {
            long othersAt = tableBytes(blobs);
            long packsAt = othersAt + tableBytes(others);
            long filesAt = packsAt + tableBytes(packs);
            Set<String> names = new HashSet<>();
            byte[] name = new byte[BlobId.SIZE_BYTES];
            for (int file = 0; file < files; file++) {
                MemorySegment.ofArray(name).copyFrom(all.asSlice(filesAt + (long) file * name.length, name.length));
                names.add(BlobId.read(name, 0).toString());
            }
            BlobIndex.Saved index =
                    new BlobIndex.Saved(table(all, 0, blobs), table(all, othersAt, others), table(all, packsAt, packs));
            return new Content(index, names);
        }

        private static IdTable.Saved table(MemorySegment all, long at, int rows) {
            long slotsAt = at + (long) rows * IdTable.ROW_BYTES;
            return new IdTable.Saved(
                    all.asSlice(at, slotsAt - at), all.asSlice(slotsAt, IdTable.slotCount(rows) * IdTable.SLOT_BYTES));
        }
    }

    /// Keeps the index if much of it is not in the cache. Whoever opens the old file meanwhile has the old one.
    ///
    /// @param files names of the index files that `index` was made from
    void keep(BlobIndex index, Collection<String> files) {
        int count = index.blobCount();
        int kept = Math.max(keptCount.get(), index.savedCount());
        if (directory.isEmpty() || count < ENTRIES_MIN || count - kept <= count / GROWTH) {
            return;
        }
        keptCount.set(count);
        Path place = directory.get();
        Path unfinished = place.resolve(UNFINISHED + UUID.randomUUID());
        try {
            Files.createDirectories(place, Scratch.DIRECTORY_MODE);
            removeUnfinished(place);
            try {
                write(unfinished, index, files);
                Files.move(unfinished, place.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            // The next one to open the repository reads the index files, as this one did.
            System.getLogger(IndexCache.class.getName())
                    .log(System.Logger.Level.DEBUG, "the index cannot be kept in '" + place + "'", e);
        }
    }

    private void write(Path file, BlobIndex index, Collection<String> files) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        try (FileChannel channel = FileChannel.open(file, options, Scratch.FILE_MODE)) {
            Digesting out = new Digesting(channel, BlobId.sha256());
            index.write(out);
            byte[] name = new byte[BlobId.SIZE_BYTES];
            for (String indexFile : files) {
                BlobId.parse(indexFile).write(name, 0);
                out.write(ByteBuffer.wrap(name));
            }
            int[] counts = index.counts();
            Layout layout = new Layout(counts[0], counts[1], counts[2], files.size());
            byte[] sealed = new byte[SEALED_BYTES];
            byte[] seal = layout.seal(repository, BlobId.read(out.sha256.digest(), 0));
            System.arraycopy(seal, 0, sealed, Cryptor.IV_BYTES, SEAL_BYTES);
            new Cryptor(key).seal(sealed, 0, SEAL_BYTES);
            ByteBuffer end = ByteBuffer.wrap(sealed);
            while (end.hasRemaining()) {
                channel.write(end);
            }
        }
    }

    /// Passes bytes on and digests them.
    private record Digesting(WritableByteChannel out, MessageDigest sha256) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            ByteBuffer written = source.duplicate();
            int count = out.write(source);
            sha256.update(written.limit(source.position()));
            return count;
        }

        @Override
        public boolean isOpen() {
            return out.isOpen();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /// What killed processes left behind.
    private static void removeUnfinished(Path place) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place, UNFINISHED + "*")) {
            for (Path file : files) {
                Instant written = Files.getLastModifiedTime(file).toInstant();
                Instant now = Files.getLastModifiedTime(place).toInstant();
                if (written.plus(UNFINISHED_MAX_AGE).isBefore(now)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
