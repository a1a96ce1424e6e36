package io.pgcharter.platform.dump;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.HexFormat;

/// An order-independent 128-bit hash of a table's rows: two sums, each modulo 2^64, of XXH3-64 (seeds 1 and 2)
/// over every row's COPY text without its line feed. Between two live servers, where nothing is kept, over every row's
/// binary COPY instead, where [RowForm] permits.
///
/// **What equal fingerprints prove.** The two multisets of rows are equal, up to an accident of probability
/// 2^-128: no row is wrong, missing or doubled, whatever the order in which they were read. **What they do not
/// prove.** XXH3 is no cryptographic hash and sums can be solved for: somebody who can choose rows can make two
/// tables agree. Against tampering stand the repository's SHA-256 and MACs and the journal, not this. It says
/// nothing of indexes, privileges or functions.
///
/// XXH3: <https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md>. Sums of hashes as a multiset hash:
/// Clarke et al., "Incremental Multiset Hash Functions" (2003), MSet-Add-Hash without its key.
///
/// @param rows number of rows
/// @param high sum under seed 1
/// @param low sum under seed 2
public record Fingerprint(long rows, long high, long low) {
    public static final Fingerprint EMPTY = new Fingerprint(0, 0, 0);

    private static final HexFormat HEX = HexFormat.of();

    /// The fingerprint of both sets of rows together.
    public Fingerprint plus(Fingerprint other) {
        return new Fingerprint(rows + other.rows, high + other.high, low + other.low);
    }

    /// 32 hexadecimal digits.
    public String digits() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }

    /// @throws IllegalArgumentException if `digits` is not what [#digits()] prints
    public static Fingerprint of(long rows, String digits) {
        if (digits.length() != 32) {
            throw new IllegalArgumentException("not a fingerprint: '" + digits + "'");
        }
        return new Fingerprint(
                rows, HexFormat.fromHexDigitsToLong(digits, 0, 16), HexFormat.fromHexDigitsToLong(digits, 16, 32));
    }

    /// Adds rows up. Used by one thread.
    static final class Sum {
        private static final Hasher64 FIRST = Hashing.xxh3_64(1);
        private static final Hasher64 SECOND = Hashing.xxh3_64(2);

        private final HashStream64 first = FIRST.hashStream();
        private final HashStream64 second = SECOND.hashStream();
        private long rows;
        private long high;
        private long low;

        void add(byte[] buffer, int offset, int length) {
            rows++;
            high += FIRST.hashBytesToLong(buffer, offset, length);
            low += SECOND.hashBytesToLong(buffer, offset, length);
        }

        /// Adds a row that comes in stretches; what it adds is what [#add] adds for the whole.
        ///
        /// @param isLast whether the row ends here
        void addStretch(byte[] buffer, int offset, int length, boolean isLast) {
            first.putBytes(buffer, offset, length);
            second.putBytes(buffer, offset, length);
            if (isLast) {
                rows++;
                high += first.getAsLong();
                low += second.getAsLong();
                first.reset();
                second.reset();
            }
        }

        Fingerprint value() {
            return new Fingerprint(rows, high, low);
        }
    }
}
