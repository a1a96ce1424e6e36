package io.pgcharter.platform.repository;

import io.pgcharter.platform.storage.Storage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The packs as they lie in the storage, held against the index.
///
/// @param stored every pack with its size in bytes
/// @param missing packs that an index lists and that are not there
/// @param resized packs whose size is not what an index says
/// @param unindexed packs that no readable index lists
/// @param foreign keys below `data/` that are no packs
record PackSurvey(
        Map<BlobId, Long> stored,
        List<BlobId> missing,
        List<BlobId> resized,
        List<BlobId> unindexed,
        List<String> foreign) {

    static PackSurvey of(Vault vault, BlobIndex index) {
        Map<BlobId, Long> stored = new HashMap<>();
        List<BlobId> unindexed = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (Storage.Entry entry : vault.storage().list(Vault.DATA)) {
            String name = entry.key().substring(entry.key().lastIndexOf('/') + 1);
            if (!BlobId.isHex(name) || !Vault.packKey(BlobId.parse(name)).equals(entry.key())) {
                foreign.add(entry.key());
                continue;
            }
            BlobId pack = BlobId.parse(name);
            stored.put(pack, entry.sizeBytes());
            if (!index.hasPack(pack)) {
                unindexed.add(pack);
            }
        }
        List<BlobId> missing = new ArrayList<>();
        List<BlobId> resized = new ArrayList<>();
        for (int number = 0; number < index.packCount(); number++) {
            BlobId pack = index.pack(number);
            Long size = stored.get(pack);
            if (size == null) {
                // A list may lag behind.
                if (!vault.storage().exists(Vault.packKey(pack))) {
                    missing.add(pack);
                }
            } else if (size != index.packBytes(number)) {
                resized.add(pack);
            }
        }
        return new PackSurvey(stored, missing, resized, unindexed, foreign);
    }

    Storage.Entry entry(BlobId pack) {
        return new Storage.Entry(Vault.packKey(pack), stored.getOrDefault(pack, 0L));
    }
}
