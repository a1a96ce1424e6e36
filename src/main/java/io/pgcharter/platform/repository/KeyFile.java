package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.Storage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The files below `keys/`: each holds the master key, sealed with a key that scrypt (RFC 7914) makes from a
/// password.
final class KeyFile {
    /// About 0.1 s and 32 MiB a try.
    private static final Scrypt.Cost COST = new Scrypt.Cost(1 << 15, 8, 1);

    private static final int SALT_BYTES = 64;

    private KeyFile() {}

    private static MasterKey derive(Secret password, byte[] salt, Scrypt.Cost cost) {
        byte[] text = password.reveal().getBytes(StandardCharsets.UTF_8);
        return new MasterKey(Scrypt.derive(text, salt, cost, MasterKey.SIZE_BYTES));
    }

    /// @return the name of the new key file
    static String save(Storage storage, MasterKey key, Secret password, Instant now) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        byte[] plain = key.toJson();
        byte[] sealed = new byte[plain.length + Cryptor.OVERHEAD_BYTES];
        System.arraycopy(plain, 0, sealed, Cryptor.IV_BYTES, plain.length);
        new Cryptor(derive(password, salt, COST)).seal(sealed, 0, plain.length);

        Machine machine = Machine.here();
        ObjectNode node = Json.object();
        node.put("created", now.toString());
        node.put("username", machine.user());
        node.put("hostname", machine.host());
        node.put("kdf", "scrypt");
        node.put("N", COST.n());
        node.put("r", COST.r());
        node.put("p", COST.p());
        node.put("salt", Base64.getEncoder().encodeToString(salt));
        node.put("data", Base64.getEncoder().encodeToString(sealed));
        byte[] file = Json.bytes(node);
        String name = BlobId.digest(BlobId.sha256(), file, 0, file.length).toString();
        storage.put(Vault.KEYS + name, ByteBuffer.wrap(file));
        return name;
    }

    /// Tries every key file. As a key file is named by its own SHA-256, damage and a wrong password can be told
    /// apart.
    ///
    /// @throws ProblemException `REPOSITORY_PASSWORD`, `REPOSITORY_DAMAGED`
    static MasterKey open(Storage storage, Secret password, Keyring keys) {
        List<String> damaged = new ArrayList<>();
        int intact = 0;
        for (Storage.Entry entry : storage.list(Vault.KEYS)) {
            String name = entry.key().substring(Vault.KEYS.length());
            if (!BlobId.isHex(name)) {
                continue;
            }
            byte[] file = storage.get(entry.key());
            if (!BlobId.digest(BlobId.sha256(), file, 0, file.length).toString().equals(name)) {
                damaged.add(entry.key());
                continue;
            }
            intact++;
            Optional<MasterKey> key = keys.find(name, password, () -> open(entry.key(), file, password));
            if (key.isPresent()) {
                return key.get();
            }
        }
        if (intact == 0) {
            String fact = damaged.isEmpty()
                    ? "'" + storage.location() + "' has no key file"
                    : "the key file '" + damaged.getFirst() + "' is damaged";
            String cause = damaged.isEmpty() ? "the directory 'keys' is empty" : "its SHA-256 is not its name";
            throw Damage.of(fact, cause);
        }
        String alsoDamaged = damaged.isEmpty() ? "" : "; damaged and not tried: " + String.join(", ", damaged);
        throw new ProblemException(
                ProblemCode.REPOSITORY_PASSWORD,
                "the password does not open '" + storage.location() + "'",
                intact + " key file(s) tried, none was made with this password" + alsoDamaged,
                "see where the charter takes the password from: the line 'password' of the repository");
    }

    private static Optional<MasterKey> open(String file, byte[] content, Secret password) {
        JsonNode node = Vault.parse(file, content);
        Scrypt.Cost cost = new Scrypt.Cost(
                node.path("N").asInt(0), node.path("r").asInt(0), node.path("p").asInt(0));
        if (!node.path("kdf").asString("").equals("scrypt") || !cost.isSane()) {
            throw Damage.of("the key file '" + file + "' is unusable", "it names no scrypt cost within reason");
        }
        try {
            byte[] salt = Base64.getDecoder().decode(node.path("salt").asString(""));
            byte[] sealed = Base64.getDecoder().decode(node.path("data").asString(""));
            if (!new Cryptor(derive(password, salt, cost)).open(sealed, 0, sealed.length)) {
                return Optional.empty();
            }
            byte[] plain = Arrays.copyOfRange(sealed, Cryptor.IV_BYTES, sealed.length - Poly1305.TAG_BYTES);
            return Optional.of(MasterKey.ofJson(Vault.parse(file, plain)));
        } catch (IllegalArgumentException e) {
            throw Damage.of("the key file '" + file + "' is damaged", "a field is no key: " + e.getMessage(), e);
        }
    }
}
