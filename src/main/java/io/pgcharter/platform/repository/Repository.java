package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A restic repository (format 2), opened with one of its passwords. Thread-safe.
///
/// The format is restic's published design: <https://restic.readthedocs.io/en/stable/100_references.html>
public final class Repository implements AutoCloseable {
    private static final int VERSION = 2;
    private static final int PREFIX_MIN_DIGITS = 8;

    private final Vault vault;
    private final Config config;
    private final InstantSource clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private final Set<String> loadedIndexes = new HashSet<>();
    private BlobIndex index = new BlobIndex();

    private record Config(String id, long polynomial) {}

    private Repository(Vault vault, Config config, InstantSource clock) {
        this.vault = vault;
        this.config = config;
        this.clock = clock;
    }

    /// @throws ProblemException `REPOSITORY_EXISTS`, `STORAGE_UNREACHABLE`, `STORAGE_FULL`
    public static Repository init(Path directory, Secret password) {
        return init(new FileStorage(directory), password, InstantSource.system());
    }

    static Repository init(Storage storage, Secret password) {
        return init(storage, password, InstantSource.system());
    }

    static Repository init(Storage storage, Secret password, InstantSource clock) {
        if (storage.exists(Vault.CONFIG)
                || !storage.list(Vault.KEYS).isEmpty()
                || !storage.list(Vault.SNAPSHOTS).isEmpty()) {
            throw new ProblemException(
                    ProblemCode.REPOSITORY_EXISTS,
                    "'" + storage.location() + "' already holds a repository",
                    "there is a config, a key or a snapshot",
                    "use it as it is, or name another place in the charter");
        }
        SecureRandom random = new SecureRandom();
        MasterKey key = MasterKey.random(random);
        byte[] id = new byte[BlobId.SIZE_BYTES];
        random.nextBytes(id);
        ObjectNode node = Json.object();
        node.put("version", VERSION);
        node.put("id", HexFormat.of().formatHex(id));
        node.put("chunker_polynomial", Long.toHexString(Polynomial.random(random)));
        String keyFile = KeyFile.save(storage, key, password, clock.instant());
        try {
            saveConfig(new Vault(storage, key), node);
        } catch (ProblemException e) {
            storage.delete(Vault.KEYS + keyFile);
            throw e;
        }
        return open(storage, password, new Keyring(), clock);
    }

    static void saveConfig(Vault vault, JsonNode node) {
        byte[] json = Json.bytes(node);
        byte[] sealed = new byte[json.length + Cryptor.OVERHEAD_BYTES];
        System.arraycopy(json, 0, sealed, Cryptor.IV_BYTES, json.length);
        new Cryptor(vault.key()).seal(sealed, 0, json.length);
        vault.storage().put(Vault.CONFIG, ByteBuffer.wrap(sealed));
    }

    /// @throws ProblemException `REPOSITORY_MISSING`, `REPOSITORY_PASSWORD`, `REPOSITORY_FORMAT`,
    ///     `REPOSITORY_DAMAGED`, `STORAGE_UNREACHABLE`
    public static Repository open(Path directory, Secret password) {
        return open(new FileStorage(directory), password, new Keyring());
    }

    static Repository open(Storage storage, Secret password, Keyring keys) {
        return open(storage, password, keys, InstantSource.system());
    }

    static Repository open(Storage storage, Secret password, Keyring keys, InstantSource clock) {
        if (!storage.exists(Vault.CONFIG)) {
            throw new ProblemException(
                    ProblemCode.REPOSITORY_MISSING,
                    "'" + storage.location() + "' holds no repository",
                    "there is no file 'config'",
                    "make one: pgcharter repository init NAME");
        }
        Vault vault = new Vault(storage, KeyFile.open(storage, password, keys));
        byte[] json = vault.unseal(Vault.CONFIG, storage.get(Vault.CONFIG));
        return new Repository(vault, config(storage, Vault.parse(Vault.CONFIG, json)), clock);
    }

    private static Config config(Storage storage, JsonNode node) {
        int version = node.path("version").asInt(0);
        if (version != VERSION) {
            throw new ProblemException(
                    ProblemCode.REPOSITORY_FORMAT,
                    "'" + storage.location() + "' has the repository format " + version,
                    "this version of pgcharter knows format " + VERSION,
                    version < VERSION
                            ? "bring it to format 2: restic -r " + storage.location() + " migrate upgrade_repo_v2"
                            : "use a newer pgcharter, or read the repository with restic");
        }
        try {
            long polynomial =
                    Long.parseUnsignedLong(node.path("chunker_polynomial").asString(""), 16);
            return new Config(node.path("id").asString(""), polynomial);
        } catch (NumberFormatException e) {
            throw Damage.of("the file 'config' is damaged", "its polynomial is no number", e);
        }
    }

    /// The repository's id: 64 hexadecimal digits.
    public String id() {
        return config.id();
    }

    /// Where the repository is, as a person would type it.
    public String location() {
        return vault.storage().location();
    }

    Vault vault() {
        return vault;
    }

    /// Every snapshot, oldest first.
    ///
    /// @throws ProblemException `REPOSITORY_DAMAGED`, `STORAGE_UNREACHABLE`
    public List<Snapshot> snapshots() {
        return snapshots(damage -> {
            throw damage;
        });
    }

    List<Snapshot> snapshots(Consumer<ProblemException> damaged) {
        List<Snapshot> snapshots = new ArrayList<>();
        for (String name : vault.names(Vault.SNAPSHOTS)) {
            try {
                snapshots.add(SnapshotFile.read(name, vault.loadJson(Vault.SNAPSHOTS, name)));
            } catch (ProblemException e) {
                // A snapshot may be forgotten while we look; that is no damage.
                if (e.problem().code() != ProblemCode.NOT_FOUND) {
                    damaged.accept(e);
                }
            }
        }
        snapshots.sort(Comparator.comparing(Snapshot::time).thenComparing(Snapshot::id));
        return snapshots;
    }

    /// @param idOrPrefix at least 8 digits
    /// @throws ProblemException `NOT_FOUND` if none or several match
    public Snapshot snapshot(String idOrPrefix) {
        List<String> names = idOrPrefix.length() < PREFIX_MIN_DIGITS
                ? List.of()
                : vault.names(Vault.SNAPSHOTS).stream()
                        .filter(name -> name.startsWith(idOrPrefix))
                        .toList();
        if (names.size() != 1) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "no snapshot '" + idOrPrefix + "' in '" + location() + "'",
                    names.isEmpty() ? "no id begins so" : names.size() + " ids begin so",
                    "see what there is: pgcharter repository list");
        }
        String name = names.getFirst();
        return SnapshotFile.read(name, vault.loadJson(Vault.SNAPSHOTS, name));
    }

    /// Begins a snapshot. Takes a (non-exclusive) restic lock until the writer is closed.
    ///
    /// @throws ProblemException `REPOSITORY_LOCKED`, `REPOSITORY_DAMAGED`, `STORAGE_UNREACHABLE`
    public SnapshotWriter write() {
        RepositoryLock lock = RepositoryLock.acquire(vault, false, clock, timer);
        try {
            return new SnapshotWriter(vault, index(), new Gear(config.polynomial()), lock);
        } catch (ProblemException e) {
            lock.close();
            throw e;
        }
    }

    /// Opens a snapshot's files. Takes a (non-exclusive) restic lock until the reader is closed, if one can be written.
    ///
    /// @throws ProblemException `REPOSITORY_LOCKED`, `REPOSITORY_DAMAGED`, `STORAGE_UNREACHABLE`
    public SnapshotReader read(Snapshot snapshot) {
        Optional<RepositoryLock> lock = RepositoryLock.acquireToRead(vault, clock, timer);
        try {
            return new SnapshotReader(vault, index(), snapshot, lock);
        } catch (ProblemException e) {
            lock.ifPresent(RepositoryLock::close);
            throw e;
        }
    }

    /// The small file `path` of each snapshot, in their order, read under one lock.
    ///
    /// @throws ProblemException as [#read], and `NOT_FOUND`
    public List<byte[]> readEach(List<Snapshot> snapshots, String path) {
        Optional<RepositoryLock> lock = RepositoryLock.acquireToRead(vault, clock, timer);
        try {
            BlobIndex blobs = index();
            List<byte[]> contents = new ArrayList<>();
            for (Snapshot snapshot : snapshots) {
                try (SnapshotReader reader = new SnapshotReader(vault, blobs, snapshot, Optional.empty());
                        InputStream in = reader.open(path)) {
                    contents.add(in.readAllBytes());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return contents;
        } finally {
            lock.ifPresent(RepositoryLock::close);
        }
    }

    /// Removes one snapshot from the list; its blobs stay until a prune. Takes an exclusive lock meanwhile.
    ///
    /// @param idOrPrefix at least 8 digits
    /// @throws ProblemException `NOT_FOUND`, `REPOSITORY_LOCKED`
    public void forget(String idOrPrefix) {
        Snapshot snapshot = snapshot(idOrPrefix);
        try (RepositoryLock _ = RepositoryLock.acquire(vault, true, clock, timer)) {
            vault.storage().delete(Vault.SNAPSHOTS + snapshot.id());
            vault.storage().removeUnfinished();
        }
    }

    /// Where the storage locks what it keeps (Object Lock): locks all that `kept` need for its full time from now on.
    /// Does
    /// nothing elsewhere. A backup does so by itself for what it shares with earlier ones.
    ///
    /// @param progress gets the number of files seen to; may throw to stop
    /// @throws ProblemException `REPOSITORY_DAMAGED`, `STORAGE_UNREACHABLE`
    public void extendLocks(List<Snapshot> kept, LongConsumer progress) {
        if (!vault.storage().isLocking()) {
            return;
        }
        BlobIndex blobs = index();
        LockExtension extension = new LockExtension(vault, blobs);
        BufferPool buffers = new BufferPool(1);
        try (BlobReader reader = new BlobReader(vault, blobs)) {
            kept.forEach(snapshot -> extension.add(snapshot, reader, buffers));
        }
        extension.extend(clock.instant(), progress);
    }

    /// Checks that the repository is whole. Goes on behind every damage, to name all of it.
    ///
    /// @param readData also read every pack and check every blob
    /// @param progress gets the number of bytes of each pack read; may throw to stop
    /// @throws ProblemException `REPOSITORY_LOCKED`, `STORAGE_UNREACHABLE`
    public CheckResult check(boolean readData, LongConsumer progress) {
        Optional<RepositoryLock> lock = RepositoryLock.acquireToRead(vault, clock, timer);
        try {
            return new RepositoryCheck(this, progress).run(readData);
        } finally {
            lock.ifPresent(RepositoryLock::close);
        }
    }

    /// @throws ProblemException `REPOSITORY_DAMAGED`, `STORAGE_UNREACHABLE`
    public RepositoryStats stats() {
        List<Snapshot> snapshots = snapshots();
        long storedBytes = vault.storage().list("").stream()
                .mapToLong(Storage.Entry::sizeBytes)
                .sum();
        long contentBytes = 0;
        for (Snapshot snapshot : snapshots) {
            try (SnapshotReader reader = read(snapshot)) {
                contentBytes += reader.files().stream().mapToLong(reader::size).sum();
            }
        }
        BlobIndex blobs = index();
        return new RepositoryStats(snapshots.size(), blobs.packCount(), blobs.blobCount(), storedBytes, contentBytes);
    }

    /// The index, brought up to what is stored now: new files are added; if one is gone, all are read again.
    private BlobIndex index() {
        return index(damage -> {
            throw damage;
        });
    }

    synchronized BlobIndex index(Consumer<ProblemException> damaged) {
        List<String> names = vault.names(Vault.INDEX);
        if (!Set.copyOf(names).containsAll(loadedIndexes)) {
            loadedIndexes.clear();
            index = new BlobIndex();
        }
        for (String name : names) {
            if (!loadedIndexes.contains(name)) {
                try {
                    IndexFile.read(Vault.INDEX + name, vault.load(Vault.INDEX, name), index);
                    loadedIndexes.add(name);
                } catch (ProblemException e) {
                    damaged.accept(e);
                }
            }
        }
        return index;
    }

    /// Stops renewing locks, and closes the storage. Writers and readers must be closed before.
    @Override
    public void close() {
        timer.shutdownNow();
        vault.storage().close();
    }
}
