package io.pgcharter.model.migration;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Which migrations, to the letter: SHA-256 over the names and texts of migrations and of what undoes them, in
/// order.
///
/// @param sha256 64 hexadecimal digits
public record Pin(String sha256) {

    public static Pin of(List<Migration> migrations) {
        MessageDigest digest = sha();
        for (Migration migration : migrations) {
            feed(digest, migration.name());
            feed(digest, migration.up().text());
            Optional<Source> down = migration.down();
            feed(digest, down.isPresent() ? "down" : "no down");
            feed(digest, down.map(Source::text).orElse(""));
        }
        return new Pin(HexFormat.of().formatHex(digest.digest()));
    }

    /// With its length before it, so that no two sequences of texts feed the same bytes.
    private static void feed(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// The first 12 digits, for people.
    @Override
    public String toString() {
        return sha256.substring(0, 12);
    }
}
