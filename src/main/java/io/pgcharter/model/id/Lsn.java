package io.pgcharter.model.id;

/// A position in PostgreSQL's write-ahead log. Compared as an unsigned 64-bit number.
public record Lsn(long value) implements Comparable<Lsn> {

    /// @param text as PostgreSQL prints it: `16/B374D848`
    /// @throws IllegalArgumentException if `text` is anything else
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash > 8 || text.length() - slash < 2 || text.length() - slash > 9) {
            throw new IllegalArgumentException("not an LSN: '" + text + "'");
        }
        long high = Long.parseUnsignedLong(text, 0, slash, 16);
        long low = Long.parseUnsignedLong(text, slash + 1, text.length(), 16);
        return new Lsn(high << 32 | low);
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
    }
}
