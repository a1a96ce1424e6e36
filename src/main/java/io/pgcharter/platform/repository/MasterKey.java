package io.pgcharter.platform.repository;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The three keys that everything is sealed with: 32 bytes for AES-256, 16 for the AES of Poly1305-AES, 16 for
/// Poly1305. Prints as `***`.
final class MasterKey {
    static final int SIZE_BYTES = 64;

    private final byte[] bytes;

    /// @param bytes 64 bytes in the order above, which is also the order scrypt's output is used in
    MasterKey(byte[] bytes) {
        if (bytes.length != SIZE_BYTES) {
            throw new IllegalArgumentException("a key has " + SIZE_BYTES + " bytes, not " + bytes.length);
        }
        this.bytes = bytes.clone();
    }

    static MasterKey random(SecureRandom random) {
        byte[] bytes = new byte[SIZE_BYTES];
        random.nextBytes(bytes);
        return new MasterKey(bytes);
    }

    /// Compares in constant time.
    boolean isSame(MasterKey other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    byte[] encryption() {
        return Arrays.copyOfRange(bytes, 0, 32);
    }

    byte[] macNonceKey() {
        return Arrays.copyOfRange(bytes, 32, 48);
    }

    byte[] macPointKey() {
        return Arrays.copyOfRange(bytes, 48, 64);
    }

    byte[] toJson() {
        Base64.Encoder base64 = Base64.getEncoder();
        ObjectNode node = Json.object();
        ObjectNode mac = node.putObject("mac");
        mac.put("k", base64.encodeToString(macNonceKey()));
        mac.put("r", base64.encodeToString(macPointKey()));
        node.put("encrypt", base64.encodeToString(encryption()));
        return Json.bytes(node);
    }

    /// @throws IllegalArgumentException if a key is missing or has another length
    static MasterKey ofJson(JsonNode node) {
        Base64.Decoder base64 = Base64.getDecoder();
        byte[] encryption = base64.decode(node.path("encrypt").asString());
        byte[] nonceKey = base64.decode(node.path("mac").path("k").asString());
        byte[] pointKey = base64.decode(node.path("mac").path("r").asString());
        if (encryption.length != 32 || nonceKey.length != 16 || pointKey.length != 16) {
            throw new IllegalArgumentException("a key of the wrong length");
        }
        byte[] bytes = Arrays.copyOf(encryption, SIZE_BYTES);
        System.arraycopy(nonceKey, 0, bytes, 32, 16);
        System.arraycopy(pointKey, 0, bytes, 48, 16);
        return new MasterKey(bytes);
    }

    @Override
    public String toString() {
        return "***";
    }
}
