package io.pgcharter.platform.repository;

/// Cuts a stream of bytes into chunks at places that its content alone decides, so that an insertion changes the
/// chunks around it and no others: a gear hash with two masks (W. Xia et al., "FastCDC", USENIX ATC 2016). Chunks
/// have 512 KiB to 8 MiB, 1 MiB on average.
///
/// The table is made with SplitMix64 (G. Steele et al., "Fast Splittable Pseudorandom Number Generators", 2014) from
/// the repository's secret polynomial: chunk lengths tell a stranger nothing about known files.
final class Gear {
    static final int CHUNK_MIN_BYTES = 512 * 1024;
    static final int CHUNK_MAX_BYTES = 8 * 1024 * 1024;

    /// Up to here cuts are made rare, from here on frequent: most chunks come out near it.
    private static final int NORMAL_BYTES = 1024 * 1024;

    /// The hash forgets a byte after 64 more, so hashing starts so many before the first place a cut may be.
    private static final int WINDOW_BYTES = 64;

    private static final long RARE_MASK = -1L << (64 - 20);
    private static final long FREQUENT_MASK = -1L << (64 - 18);

    private final long[] table;

    Gear(long seed) {
        table = new long[256];
        long state = seed;
        for (int entry = 0; entry < table.length; entry++) {
            state += 0x9E3779B97F4A7C15L;
            long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
            mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
            table[entry] = mixed ^ (mixed >>> 31);
        }
    }

    /// Looks for the end of the chunk that begins at `bytes[0]`, in pieces as the bytes come in. For one thread.
    final class Scan {
        private int position;
        private long hash;

        /// @param used how many bytes there are by now
        /// @return the chunk's length, or 0 if it does not end so far
        int end(byte[] bytes, int used) {
            int limit = Math.min(used, CHUNK_MAX_BYTES);
            if (position < CHUNK_MIN_BYTES - WINDOW_BYTES) {
                position = Math.min(limit, CHUNK_MIN_BYTES - WINDOW_BYTES);
            }
            int cut = stretch(bytes, Math.min(limit, CHUNK_MIN_BYTES), 0);
            if (cut == 0) {
                cut = stretch(bytes, Math.min(limit, NORMAL_BYTES), RARE_MASK);
            }
            if (cut == 0) {
                cut = stretch(bytes, limit, FREQUENT_MASK);
            }
            if (cut == 0 && position == CHUNK_MAX_BYTES) {
                cut = CHUNK_MAX_BYTES;
            }
            if (cut > 0) {
                position = 0;
                hash = 0;
            }
            return cut;
        }

        /// Hashes up to `limit`; with a mask, stops behind the first byte where the masked hash is 0.
        private int stretch(byte[] bytes, int limit, long mask) {
            long[] gear = table;
            long rolling = hash;
            int at = position;
            while (at < limit) {
                rolling = (rolling << 1) + gear[bytes[at++] & 0xFF];
                if (mask != 0 && (rolling & mask) == 0) {
                    return at;
                }
            }
            hash = rolling;
            position = at;
            return 0;
        }
    }
}
