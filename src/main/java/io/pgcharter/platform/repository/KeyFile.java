package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.Storage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
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

    /// A key file as it stands.
    ///
    /// @param name 64 hexadecimal digits
    /// @param trouble why no password can open it, in one line; empty if one can
    record Stored(String name, Optional<Instant> createdAt, String user, String host, Optional<String> trouble) {}

    /// What a password opened.
    record Opened(String name, MasterKey key) {}

    /// Every key file, also those that are damaged. As a key file is named by its own SHA-256, damage and a wrong
    /// password can be told apart.
    static List<Stored> list(Storage storage) {
        return files(storage).stream().map(KeyFile::stored).toList();
    }

    /// A key file as read.
    private static final class File {
        private final String name;
        private final byte[] content;

        private File(String name, byte[] content) {
            this.name = name;
            this.content = content;
        }

        private String key() {
            return Vault.KEYS + name;
        }

        private boolean isWhole() {
            return BlobId.digest(BlobId.sha256(), content, 0, content.length)
                    .toString()
                    .equals(name);
        }

        private JsonNode json() {
            return Vault.parse(key(), content);
        }
    }

    private static List<File> files(Storage storage) {
        List<File> files = new ArrayList<>();
        for (Storage.Entry entry : storage.list(Vault.KEYS)) {
            String name = entry.key().substring(Vault.KEYS.length());
            if (BlobId.isHex(name)) {
                try {
                    files.add(new File(name, storage.get(entry.key())));
                } catch (ProblemException e) {
                    // Somebody may remove a key while we look.
                    if (e.problem().code() != ProblemCode.NOT_FOUND) {
                        throw e;
                    }
                }
            }
        }
        return files;
    }

    private static Stored stored(File file) {
        Optional<String> trouble = trouble(file);
        if (trouble.isPresent()) {
            return new Stored(file.name, Optional.empty(), "", "", trouble);
        }
        JsonNode node = file.json();
        return new Stored(
                file.name,
                instant(node.path("created").asString("")),
                node.path("username").asString(""),
                node.path("hostname").asString(""),
                Optional.empty());
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
            // The time is for people; the key opens without it.
            return Optional.empty();
        }
    }

    private static Optional<String> trouble(File file) {
        if (!file.isWhole()) {
            return Optional.of("it is damaged: its SHA-256 is not its name");
        }
        try {
            Lid _ = Lid.of(file.json());
            return Optional.empty();
        } catch (ProblemException | IllegalArgumentException e) {
            String cause =
                    e instanceof ProblemException problem ? problem.problem().cause() : e.getMessage();
            return Optional.of("it is unusable: " + cause);
        }
    }

    /// Tries every key file.
    ///
    /// @throws ProblemException `REPOSITORY_PASSWORD` if none opens; `REPOSITORY_DAMAGED` if none can be tried
    static Opened open(Storage storage, Secret password, Keyring keys) {
        List<File> files = files(storage);
        for (File file : files) {
            Optional<Opened> opened = open(file, password, keys);
            if (opened.isPresent()) {
                return opened.get();
            }
        }
        List<String> troubles = new ArrayList<>();
        files.forEach(file -> trouble(file).ifPresent(trouble -> troubles.add("'" + file.key() + "': " + trouble)));
        int tried = files.size() - troubles.size();
        if (files.isEmpty()) {
            throw Damage.of("'" + storage.location() + "' has no key file", "the directory 'keys' is empty");
        }
        if (tried == 0) {
            throw Damage.of(
                    "no key file of '" + storage.location() + "' can be used: " + troubles.getFirst(),
                    troubles.size() == 1
                            ? "it is the only one"
                            : "all " + troubles.size() + " are so: " + String.join("; ", troubles));
        }
        throw new ProblemException(
                ProblemCode.REPOSITORY_PASSWORD,
                "the password does not open '" + storage.location() + "'",
                tried + " key file(s) tried, none was made with this password"
                        + (troubles.isEmpty() ? "" : "; not tried: " + String.join("; ", troubles)),
                "see where the charter takes the password from: the line 'password' of the repository");
    }

    /// Keys of the key files whose SHA-256 is not their name.
    static List<String> damaged(Storage storage) {
        return files(storage).stream()
                .filter(file -> !file.isWhole())
                .map(File::key)
                .toList();
    }

    /// Every key file that the password opens.
    static List<Opened> openAll(Storage storage, Secret password, Keyring keys) {
        return files(storage).stream()
                .flatMap(file -> open(file, password, keys).stream())
                .toList();
    }

    private static Optional<Opened> open(File file, Secret password, Keyring keys) {
        return trouble(file).isPresent()
                ? Optional.empty()
                : keys.find(file.name, password, () -> open(file, password)).map(key -> new Opened(file.name, key));
    }

    /// How a key file is closed.
    private static final class Lid {
        private final Scrypt.Cost cost;
        private final byte[] salt;
        private final byte[] sealed;

        private Lid(Scrypt.Cost cost, byte[] salt, byte[] sealed) {
            this.cost = cost;
            this.salt = salt;
            this.sealed = sealed;
        }

        /// @throws IllegalArgumentException saying what is wrong
        private static Lid of(JsonNode node) {
            Scrypt.Cost cost = new Scrypt.Cost(
                    node.path("N").asInt(0),
                    node.path("r").asInt(0),
                    node.path("p").asInt(0));
            if (!node.path("kdf").asString("").equals("scrypt") || !cost.isSane()) {
                throw new IllegalArgumentException("it names no scrypt cost within reason");
            }
            byte[] salt = Base64.getDecoder().decode(node.path("salt").asString(""));
            byte[] sealed = Base64.getDecoder().decode(node.path("data").asString(""));
            if (salt.length == 0 || sealed.length <= Cryptor.OVERHEAD_BYTES) {
                throw new IllegalArgumentException("it holds no salt or no key");
            }
            return new Lid(cost, salt, sealed);
        }

        /// Leaves the sealed key open behind its first 16 bytes, if the password fits.
        private boolean open(Secret password) {
            return new Cryptor(derive(password, salt, cost)).open(sealed, 0, sealed.length);
        }

        private byte[] content() {
            return Arrays.copyOfRange(sealed, Cryptor.IV_BYTES, sealed.length - Poly1305.TAG_BYTES);
        }
    }

    /// @throws ProblemException `REPOSITORY_DAMAGED` if the password fits and what it opens is no key
    private static Optional<MasterKey> open(File file, Secret password) {
        Lid lid = Lid.of(file.json());
        if (!lid.open(password)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MasterKey.ofJson(Vault.parse(file.key(), lid.content())));
        } catch (IllegalArgumentException e) {
            throw Damage.of("the key file '" + file.key() + "' is damaged", "it holds no key: " + e.getMessage(), e);
        }
    }
}
