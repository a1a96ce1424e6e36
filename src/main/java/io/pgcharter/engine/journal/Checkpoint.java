package io.pgcharter.engine.journal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A signed statement: the first `size` entries have this root.
///
/// @param number position in the chain of checkpoints, from 1
/// @param origin the machine that signed
/// @param root, previous 64 hexadecimal digits; `previous` is the hash of the checkpoint before, 64 zeros for the first
/// @param publicKey, signature Ed25519 (RFC 8032), base64; the key as X.509 SubjectPublicKeyInfo
public record Checkpoint(
        long number,
        String origin,
        long size,
        String root,
        Instant time,
        String previous,
        String publicKey,
        String signature) {
    static final String NONE = "0".repeat(64);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// What is signed: everything but the signature.
    byte[] signed() {
        return JSON.writeValueAsString(fields()).getBytes(StandardCharsets.UTF_8);
    }

    private TreeMap<String, String> fields() {
        TreeMap<String, String> fields = new TreeMap<>();
        fields.put("number", Long.toString(number));
        fields.put("origin", origin);
        fields.put("size", Long.toString(size));
        fields.put("root", root);
        fields.put("time", time.toString());
        fields.put("previous", previous);
        fields.put("key", publicKey);
        return fields;
    }

    public String toJson() {
        TreeMap<String, String> fields = fields();
        fields.put("signature", signature);
        return JSON.writeValueAsString(fields);
    }

    /// @throws IllegalArgumentException if the text is no checkpoint
    public static Checkpoint fromJson(String text) {
        try {
            JsonNode fields = JSON.readTree(text);
            return new Checkpoint(
                    Long.parseLong(fields.path("number").asString()),
                    fields.path("origin").asString(),
                    Long.parseLong(fields.path("size").asString()),
                    fields.path("root").asString(),
                    Instant.parse(fields.path("time").asString()),
                    fields.path("previous").asString(),
                    fields.path("key").asString(),
                    fields.path("signature").asString());
        } catch (JacksonException | java.time.DateTimeException e) {
            throw new IllegalArgumentException("not a checkpoint", e);
        }
    }

    /// What the next checkpoint names as `previous`.
    ///
    /// @param json the text of this one, as it is stored
    static String hash(String json) {
        return HexFormat.of().formatHex(MerkleTree.sha256().digest(json.getBytes(StandardCharsets.UTF_8)));
    }

    Checkpoint withSignature(String newSignature) {
        return new Checkpoint(number, origin, size, root, time, previous, publicKey, newSignature);
    }
}
