package io.pgcharter.platform.layout;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/// Checksums of migrations as each tool computes them.
final class Checksums {
    private Checksums() {}

    /// SHA-256 of the text's UTF-8 as 64 hexadecimal digits: what Prisma writes.
    static String sha256(String text) {
        return HexFormat.of().formatHex(digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// What Prisma takes for the same file: with the line ends of either system, and each of these also as early
    /// versions wrote it, without leading zeros in a byte.
    ///
    /// Source: prisma-engines, schema-connector/src/checksum.rs.
    static Set<String> prisma(String text) {
        Set<String> accepted = new LinkedHashSet<>();
        for (String variant : List.of(text, text.replace("\r\n", "\n"), text.replace("\n", "\r\n"))) {
            byte[] digest = digest(variant.getBytes(StandardCharsets.UTF_8));
            accepted.add(HexFormat.of().formatHex(digest));
            StringBuilder unpadded = new StringBuilder();
            for (byte one : digest) {
                unpadded.append(Integer.toHexString(one & 0xFF));
            }
            accepted.add(unpadded.toString());
        }
        return accepted;
    }

    /// CRC-32 over the lines without their ends, as a signed number.
    ///
    /// Source: Flyway, core/internal/resolver/ChecksumCalculator.java.
    ///
    /// @param unmarked without byte order mark
    static String flyway(String unmarked) {
        CRC32 sum = new CRC32();
        unmarked.lines().forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
        return Integer.toString((int) sum.getValue());
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
