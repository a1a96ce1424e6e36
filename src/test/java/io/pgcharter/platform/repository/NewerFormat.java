package io.pgcharter.platform.repository;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.Storage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/// Makes repositories look as a later version might write them.
public final class NewerFormat {
    private NewerFormat() {}

    private static Vault vault(Path directory, Secret password) {
        Storage storage = new FileStorage(directory);
        return new Vault(storage, KeyFile.open(storage, password, new Keyring()));
    }

    /// Gives the config a version that nobody knows.
    public static void config(Path directory, Secret password) {
        Vault vault = vault(directory, password);
        ObjectNode config = (ObjectNode) Vault.parse(
                Vault.CONFIG, vault.unseal(Vault.CONFIG, vault.storage().get(Vault.CONFIG)));
        config.put("version", 3);
        Repository.saveConfig(vault, config);
    }

    /// Adds a file whose encoding nobody knows.
    ///
    /// @param kind `index/` or `snapshots/`
    public static void file(Path directory, Secret password, String kind) {
        Vault vault = vault(directory, password);
        byte[] sealed = new byte[10 + Cryptor.OVERHEAD_BYTES];
        sealed[Cryptor.IV_BYTES] = 9;
        new Cryptor(vault.key()).seal(sealed, 0, 10);
        String name = BlobId.digest(BlobId.sha256(), sealed, 0, sealed.length).toString();
        vault.storage().put(kind + name, ByteBuffer.wrap(sealed));
    }
}
