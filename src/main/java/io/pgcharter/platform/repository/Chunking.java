package io.pgcharter.platform.repository;

/// How a file of a snapshot is cut into blobs, which is what decides how much of it a later snapshot shares.
/// Whatever is chosen, a reader sees the same file.
public sealed interface Chunking {
    /// For what is inserted into and removed from, as text is: cut where the content says so ([Gear]), 1 MiB on
    /// average.
    Chunking BY_CONTENT = new ByContent();

    /// See [#BY_CONTENT].
    record ByContent() implements Chunking {}

    /// For what is changed in place, as relation files are: equal blocks, whole pages each, so that a page that
    /// changed costs its own block and no other. The last one may be shorter.
    ///
    /// @param bytes a multiple of 8 KiB, at most 8 MiB
    record Blocks(int bytes) implements Chunking {
        public static final int PAGE_BYTES = 8 * 1024;

        private static final int BYTES_MIN = 128 * 1024;
        private static final int BYTES_MAX = 8 * 1024 * 1024;
        private static final int BLOCKS_MAX = 1_000_000;

        public Blocks {
            if (bytes <= 0 || bytes % PAGE_BYTES != 0 || bytes > BYTES_MAX) {
                throw new IllegalArgumentException("not a block of whole pages: " + bytes + " bytes");
            }
        }

        /// The blocks for a cluster of so many bytes: 128 KiB up to 122 GiB, and from there on the next power
        /// of two that makes at most a million of them.
        ///
        /// Where 1 % of the pages changed, anywhere, 8 % of blocks of 64 KiB are changed, 15 % of 128 KiB,
        /// 28 % of 256 KiB, 72 % of 1 MiB. Each costs 70 bytes of index and 67 of a directory's JSON,
        /// and that is in memory as a whole: 67 MB for a million.
        public static Blocks ofCluster(long clusterBytes) {
            long bytes = BYTES_MIN;
            while (bytes < BYTES_MAX && clusterBytes / bytes > BLOCKS_MAX) {
                bytes *= 2;
            }
            return new Blocks((int) bytes);
        }
    }
}
