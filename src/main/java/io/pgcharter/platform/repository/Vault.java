package io.pgcharter.platform.repository;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStream;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.storage.Storage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A storage seen through the repository's key: snapshots, indexes and locks are sealed JSON ("Unpacked Data Format"
/// of restic's design), each named by the SHA-256 of what is stored. Thread-safe.
record Vault(Storage storage, MasterKey key) {
    static final String CONFIG = "config";
    static final String KEYS = "keys/";
    static final String INDEX = "index/";
    static final String SNAPSHOTS = "snapshots/";
    static final String LOCKS = "locks/";
    static final String DATA = "data/";

    /// First byte of a file whose JSON is compressed with zstd.
    private static final byte COMPRESSED = 2;

    private static final int ZSTD_LEVEL = 3;

    static String packKey(BlobId pack) {
        String name = pack.toString();
        return DATA + name.substring(0, 2) + "/" + name;
    }

    /// Names of the files below `directory`, sorted; what restic would not have put there is left out.
    List<String> names(String directory) {
        List<String> names = new ArrayList<>();
        for (Storage.Entry entry : storage.list(directory)) {
            String name = entry.key().substring(directory.length());
            if (BlobId.isHex(name)) {
                names.add(name);
            }
        }
        return names;
    }

    /// @return the name the file got
    String save(String directory, byte[] json) {
        byte[] compressed = Zstd.compress(json, ZSTD_LEVEL);
        byte[] sealed = new byte[compressed.length + 1 + Cryptor.OVERHEAD_BYTES];
        sealed[Cryptor.IV_BYTES] = COMPRESSED;
        System.arraycopy(compressed, 0, sealed, Cryptor.IV_BYTES + 1, compressed.length);
        new Cryptor(key).seal(sealed, 0, compressed.length + 1);
        String name = BlobId.digest(BlobId.sha256(), sealed, 0, sealed.length).toString();
        storage.put(directory + name, ByteBuffer.wrap(sealed));
        return name;
    }

    /// @throws ProblemException `NOT_FOUND`, `REPOSITORY_DAMAGED`
    byte[] load(String directory, String name) {
        String file = directory + name;
        byte[] sealed = storage.get(file);
        if (!BlobId.digest(BlobId.sha256(), sealed, 0, sealed.length).toString().equals(name)) {
            throw Damage.of("'" + file + "' is damaged", "its SHA-256 is not its name");
        }
        if (!new Cryptor(key).open(sealed, 0, sealed.length)) {
            throw Damage.of(
                    "'" + file + "' does not belong here",
                    "it is whole, but sealed with the key of another repository");
        }
        return decompress(file, Arrays.copyOfRange(sealed, Cryptor.IV_BYTES, sealed.length - Poly1305.TAG_BYTES));
    }

    /// Whether the file is what its name says, whoever sealed it.
    boolean isWhole(String directory, String name) {
        byte[] sealed = storage.get(directory + name);
        return BlobId.digest(BlobId.sha256(), sealed, 0, sealed.length)
                .toString()
                .equals(name);
    }

    JsonNode loadJson(String directory, String name) {
        return parse(directory + name, load(directory, name));
    }

    /// Opens a file that is sealed but not compressed.
    byte[] unseal(String file, byte[] sealed) {
        if (!new Cryptor(key).open(sealed, 0, sealed.length)) {
            throw Damage.of("'" + file + "' is damaged", "its authentication code does not fit its content");
        }
        return Arrays.copyOfRange(sealed, Cryptor.IV_BYTES, sealed.length - Poly1305.TAG_BYTES);
    }

    static JsonNode parse(String file, byte[] json) {
        try {
            return Json.read(json);
        } catch (JacksonException e) {
            throw Damage.of("'" + file + "' is damaged", "it does not hold JSON", e);
        }
    }

    private static byte[] decompress(String file, byte[] plain) {
        if (plain.length == 0) {
            throw Damage.of("'" + file + "' is damaged", "it is empty");
        }
        return switch (plain[0]) {
            case '{', '[' -> plain;
            case COMPRESSED -> {
                try (ZstdInputStream stream =
                        new ZstdInputStream(new ByteArrayInputStream(plain, 1, plain.length - 1))) {
                    yield stream.readAllBytes();
                } catch (IOException | ZstdException e) {
                    throw Damage.of("'" + file + "' is damaged", "it does not decompress: " + e.getMessage(), e);
                }
            }
            default ->
                throw new ProblemException(
                        ProblemCode.REPOSITORY_FORMAT,
                        "'" + file + "' has the encoding " + plain[0],
                        "this version of pgcharter knows plain JSON and encoding 2",
                        "use a newer pgcharter, or read the repository with restic");
        };
    }
}
