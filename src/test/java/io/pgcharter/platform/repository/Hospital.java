package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.MemoryStorage;
import io.pgcharter.platform.storage.Storage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// Two repositories with the same two snapshots under different keys, and what tests of damage do with copies of one.
final class Hospital {
    static final Secret PASSWORD = new Secret("correct horse");
    static final Operation.Reading ALL = new Operation.Reading(Duration.ZERO, 100);
    private static final Keyring KEYS = new Keyring();

    /// Of snapshots, in their order.
    final List<Map<String, byte[]>> contents;

    private final MemoryStorage storage = new MemoryStorage();
    final MemoryStorage other = new MemoryStorage();

    /// @param size of the larger files, in bytes
    Hospital(int size) {
        Map<String, byte[]> first = Map.of(
                "data/a", Content.random(1, size), "data/b", Content.rows(2, size / 8), "manifest.json", new byte[] {
                    1, 2
                });
        Map<String, byte[]> second = new TreeMap<>(first);
        second.put("data/b", Content.rows(3, size / 8));
        contents = List.of(first, second);
        try (Repository ill = Repository.init(storage, PASSWORD);
                Repository well = Repository.init(other, PASSWORD)) {
            // Equal chunks, as copies of one another have them.
            ObjectNode config = (ObjectNode) Vault.parse(
                    Vault.CONFIG,
                    ill.vault().unseal(Vault.CONFIG, ill.vault().storage().get(Vault.CONFIG)));
            config.put("id", well.id());
            Repository.saveConfig(well.vault(), config);
        }
        for (MemoryStorage each : List.of(storage, other)) {
            try (Repository repository = open(each)) {
                for (int number = 0; number < contents.size(); number++) {
                    try (SnapshotWriter writer = repository.write()) {
                        contents.get(number).forEach((path, bytes) -> Content.write(writer, path, bytes));
                        Instant time = Content.TIME.plusSeconds(number);
                        writer.commit(time, "host", List.of("/shop"), List.of("pgcharter-backup", "database=shop"));
                    }
                }
            }
        }
    }

    /// A copy to do harm to.
    MemoryStorage patient() {
        return new MemoryStorage(storage);
    }

    static Repository open(Storage storage) {
        return Repository.open(storage, PASSWORD, KEYS);
    }

    static CheckResult check(MemoryStorage storage, boolean isReading) {
        try (Repository repository = open(storage)) {
            return repository.check(
                    isReading ? Optional.of(ALL) : Optional.empty(), PackLedger.none(), CheckProgress.none());
        }
    }

    static RepairResult repair(Storage storage, Optional<MemoryStorage> from) {
        Optional<Repository> source = from.map(Hospital::open);
        try (Repository repository = open(storage)) {
            return repository.repair(source, PackLedger.none(), CheckProgress.none());
        } finally {
            source.ifPresent(Repository::close);
        }
    }

    /// @return how many files could not be read; what could be read was right
    int unreadableFiles(MemoryStorage storage) {
        int unreadable = 0;
        try (Repository repository = open(storage)) {
            List<Snapshot> snapshots = repository.snapshots();
            for (int number = 0; number < contents.size(); number++) {
                Instant time = Content.TIME.plusSeconds(number);
                Optional<Snapshot> snapshot = snapshots.stream()
                        .filter(each -> each.time().equals(time))
                        .findFirst();
                unreadable += snapshot.map(found -> unreadableFiles(repository, found))
                        .orElse(contents.get(number).size());
            }
        }
        return unreadable;
    }

    private int unreadableFiles(Repository repository, Snapshot snapshot) {
        Map<String, byte[]> files = contents.get(snapshot.time().equals(Content.TIME) ? 0 : 1);
        int unreadable = 0;
        try (SnapshotReader reader = repository.read(snapshot)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                try {
                    assertThat(Content.read(reader, file.getKey()))
                            .as(file.getKey())
                            .isEqualTo(file.getValue());
                } catch (ProblemException e) {
                    assertThat(Damage.is(e)).as(e.toString()).isTrue();
                    unreadable++;
                }
            }
        } catch (ProblemException e) {
            assertThat(Damage.is(e)).as(e.toString()).isTrue();
            return files.size();
        }
        return unreadable;
    }

    static List<String> keys(MemoryStorage storage, String prefix) {
        return storage.objects().keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .toList();
    }

    /// Keys of packs, the largest last.
    static List<String> packs(MemoryStorage storage) {
        return keys(storage, Vault.DATA).stream()
                .sorted(Comparator.comparingInt(key -> storage.objects().getOrDefault(key, new byte[0]).length))
                .toList();
    }

    static byte[] bytes(MemoryStorage storage, String key) {
        return storage.get(key);
    }

    static void put(MemoryStorage storage, String key, byte[] content) {
        storage.put(key, ByteBuffer.wrap(content));
    }

    static void flip(MemoryStorage storage, String key, int position) {
        byte[] bytes = storage.get(key);
        bytes[position < 0 ? bytes.length + position : position] ^= 1;
        put(storage, key, bytes);
    }
}
