package io.pgcharter.platform.repository;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A repository whose index files list as many blobs as wanted, in packs of 153 as full packs have them, none of
/// which is there. As a program: opens it with the launcher's memory, looks blobs up, and says what that took.
final class ManyBlobs {
    static final int PACK_BLOBS = 153;

    private static final int FILE_PACKS = IndexFile.BLOBS_MAX / PACK_BLOBS;
    private static final int BLOB_BYTES = 100_000;

    private ManyBlobs() {}

    /// The blob's id: nothing but well mixed, as a digest is.
    static BlobId id(long number) {
        return new BlobId(mixed(number), mixed(~number), number, mixed(number + 77));
    }

    private static long mixed(long value) {
        long mixed = (value + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private static BlobId pack(int number) {
        return id(-1L - number);
    }

    static BlobId packOf(int number) {
        return pack(number / PACK_BLOBS);
    }

    /// Adds index files that list the blobs from `begin` on, which is a pack's first, up to `end`.
    static void add(Repository repository, int begin, int end) {
        List<IndexFile.PackContent> packs = new ArrayList<>();
        for (int first = begin; first < end; first += PACK_BLOBS) {
            packs.add(content(first, Math.min(end, first + PACK_BLOBS)));
            if (packs.size() == FILE_PACKS) {
                repository.vault().save(Vault.INDEX, IndexFile.write(packs));
                packs.clear();
            }
        }
        if (!packs.isEmpty()) {
            repository.vault().save(Vault.INDEX, IndexFile.write(packs));
        }
    }

    private static IndexFile.PackContent content(int begin, int end) {
        List<PackedBlob> blobs = new ArrayList<>();
        for (int number = begin; number < end; number++) {
            blobs.add(blob(number));
        }
        return new IndexFile.PackContent(packOf(begin), blobs);
    }

    static PackedBlob blob(int number) {
        int offset = number % PACK_BLOBS * BLOB_BYTES;
        return new PackedBlob(id(number), BlobType.DATA, offset, BLOB_BYTES, 3 * BLOB_BYTES);
    }

    static Repository open(Path repository, Path caches) {
        return Repository.open(
                new FileStorage(repository),
                new Secret("many"),
                new Keyring(),
                InstantSource.system(),
                Optional.of(caches));
    }

    /// Arguments: repository, directory for caches, number of blobs, `claim` to note as many new ones beside.
    static final class Opening {
        private Opening() {}

        public static void main(String[] arguments) throws Exception {
            int count = Integer.parseInt(arguments[2]);
            try (Repository repository = open(Path.of(arguments[0]), Path.of(arguments[1]))) {
                long heapBefore = heapBytes();
                long begin = System.nanoTime();
                BlobIndex index = repository.index();
                System.out.println("opened " + (System.nanoTime() - begin) / 1_000_000 + " ms");
                System.out.println("blobs " + index.blobCount());
                System.out.println("memory " + memory());
                begin = System.nanoTime();
                int found = 0;
                for (int number = 0; number < count; number += 3) {
                    BlobIndex.Place place = index.find(id(number), BlobType.DATA);
                    found += place != null && place.blob().equals(blob(number)) ? 1 : 0;
                    found += index.contains(id(count + number), BlobType.DATA) ? 1_000_000 : 0;
                }
                System.out.println("found " + found);
                System.out.println("lookups " + (System.nanoTime() - begin) / 1_000_000 + " ms");
                BlobIndex claimed = index.empty();
                for (int number = 0; number < count && arguments.length > 3; number++) {
                    claimed.claim(id(number), BlobType.DATA);
                }
                System.out.println("claimed " + claimed.blobCount());
                System.out.println("memory-then " + memory());
                System.out.println("heap " + held(heapBefore, index, claimed));
            }
        }

        /// The indexes are parameters so that they are still held.
        private static long held(long before, BlobIndex index, BlobIndex claimed) {
            long bytes = heapBytes() - before;
            return index.packCount() + claimed.packCount() < 0 ? 0 : bytes;
        }

        private static long heapBytes() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        }

        /// Lines of the kernel's account of this process, in kB.
        private static String memory() throws IOException {
            StringBuilder text = new StringBuilder();
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.matches("(VmHWM|VmRSS|RssAnon|RssFile):.*")) {
                    text.append(line.replaceAll("\\s+", " ")).append("  ");
                }
            }
            return text.toString();
        }
    }
}
