package io.pgcharter.platform.repository;

import io.pgcharter.model.operation.Operation;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
    private final IndexCache cache;
    private PackMarks marks = new PackMarks(Map.of(), List.of());
    private BlobIndex index = new BlobIndex();

    private record Config(String id, long polynomial) {}

    private Repository(Vault vault, Config config, IndexCache cache, InstantSource clock) {
        this.vault = vault;
        this.config = config;
        this.cache = cache;
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
        return init(storage, password, clock, Polynomial.random(new SecureRandom()));
    }

    /// @param polynomial decides where chunks are cut: two repositories with the same share the blobs of equal content
    static Repository init(Storage storage, Secret password, InstantSource clock, long polynomial) {
        if (storage.exists(Vault.CONFIG)
                || Stream.of(Vault.SNAPSHOTS, Vault.INDEX, Vault.DATA)
                        .anyMatch(directory -> !storage.list(directory).isEmpty())) {
            throw new ProblemException(
                    ProblemCode.REPOSITORY_EXISTS,
                    "'" + storage.location() + "' already holds a repository",
                    "there is a config, a snapshot, an index or a pack",
                    "use it as it is, or name another place in the charter");
        }
        // Keys alone are what an init left that died half-way; with them the password would open nothing.
        storage.list(Vault.KEYS).forEach(entry -> storage.hide(entry.key()));
        SecureRandom random = new SecureRandom();
        MasterKey key = MasterKey.random(random);
        byte[] id = new byte[BlobId.SIZE_BYTES];
        random.nextBytes(id);
        ObjectNode node = Json.object();
        node.put("version", VERSION);
        node.put("id", HexFormat.of().formatHex(id));
        node.put("chunker_polynomial", Long.toHexString(polynomial));
        // The key first: without it, a config would be a repository that no password opens.
        KeyFile.save(storage, key, password, clock.instant());
        saveConfig(new Vault(storage, key), node);
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
        return open(storage, password, keys, clock, Optional.empty());
    }

    /// @param caches where this machine may keep the index, in a directory for each repository
    static Repository open(Storage storage, Secret password, Keyring keys, InstantSource clock, Optional<Path> caches) {
        if (!storage.exists(Vault.CONFIG)) {
            throw new ProblemException(
                    ProblemCode.REPOSITORY_MISSING,
                    "'" + storage.location() + "' holds no repository",
                    "there is no file 'config'",
                    "make one: pgcharter repository init NAME");
        }
        Vault vault = new Vault(storage, KeyFile.open(storage, password, keys).key());
        byte[] json = vault.unseal(Vault.CONFIG, storage.get(Vault.CONFIG));
        Config config = config(storage, Vault.parse(Vault.CONFIG, json));
        // An id that is none came with the config of another program: no name for a directory.
        Optional<Path> directory = caches.filter(_ -> BlobId.isHex(config.id())).map(all -> all.resolve(config.id()));
        return new Repository(vault, config, new IndexCache(directory, config.id(), vault.key()), clock);
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

    long polynomial() {
        return config.polynomial();
    }

    /// @param password the one that opened the repository
    RepositoryKeys keys(Secret password, Keyring keyring) {
        return new RepositoryKeys(this, password, keyring, clock);
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

    /// Every snapshot that can be read, oldest first.
    ///
    /// @param damaged gets a `REPOSITORY_DAMAGED` for each that cannot
    public List<Snapshot> snapshots(Consumer<ProblemException> damaged) {
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
        RepositoryLock lock = lock(false);
        try {
            return new SnapshotWriter(vault, index(), new Gear(config.polynomial()), lock);
        } catch (ProblemException e) {
            lock.close();
            throw e;
        }
    }

    /// Opens a snapshot's files. Takes a (non-exclusive) restic lock until the reader is closed, if one can be
    /// written.
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

    /// Begins to copy snapshots of `source` into this repository. Takes (non-exclusive) restic locks on both until the
    /// copier is closed; the one on `source` if it can be written.
    ///
    /// @throws ProblemException `REPOSITORY_LOCKED`, `REPOSITORY_DAMAGED` (this one), `STORAGE_UNREACHABLE`
    public SnapshotCopier copyFrom(Repository source) {
        Optional<RepositoryLock> reading = RepositoryLock.acquireToRead(source.vault, source.clock, source.timer);
        try {
            RepositoryLock writing = RepositoryLock.acquire(vault, false, clock, timer);
            try {
                return new SnapshotCopier(source, this, reading, writing);
            } catch (ProblemException e) {
                writing.close();
                throw e;
            }
        } catch (ProblemException e) {
            reading.ifPresent(RepositoryLock::close);
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
        try (SnapshotRemover remover = remove()) {
            remover.remove(snapshot);
        }
    }

    /// Begins to take snapshots off the list. Takes an exclusive lock until the remover is closed.
    ///
    /// @throws ProblemException `REPOSITORY_LOCKED`, `STORAGE_UNREACHABLE`
    public SnapshotRemover remove() {
        return new SnapshotRemover(vault, this::snapshots, clock, timer);
    }

    /// Frees what no snapshot needs. The long part runs beside backups and restores; what is removed at the end is
    /// removed under an exclusive lock. May be killed at any moment and run again.
    ///
    /// @param grace how long ago a pack must have been marked to be removed
    /// @param progress gets the number of bytes of each pack that was repacked; may throw to stop
    /// @param fence called before each point after which something is gone; may throw to stop
    /// @throws ProblemException `REPOSITORY_LOCKED` if somebody works on it alone; `REPOSITORY_DAMAGED` and nothing
    ///     removed, if something that a snapshot needs is missing; `STORAGE_FULL`, `STORAGE_UNREACHABLE`
    public PruneResult prune(Duration grace, LongConsumer progress, Runnable fence) {
        return new Prune(this, grace, progress, fence).run();
    }

    RepositoryLock lock(boolean exclusive) {
        return RepositoryLock.acquire(vault, exclusive, clock, timer);
    }

    Instant now() {
        return clock.instant();
    }

    /// Where the storage locks what it keeps (Object Lock): locks all that `kept` need for its full time from now on.
    /// Does nothing elsewhere. A backup does so by itself for what it shares with earlier ones.
    ///
    /// Takes a (non-exclusive) restic lock meanwhile.
    ///
    /// @param kept asked once, under the lock
    /// @param progress gets the number of files seen to; may throw to stop
    /// @throws ProblemException `REPOSITORY_LOCKED`, `REPOSITORY_DAMAGED`, `STORAGE_UNREACHABLE`
    public void extendLocks(Supplier<List<Snapshot>> kept, LongConsumer progress) {
        if (!vault.storage().isLocking()) {
            return;
        }
        try (RepositoryLock _ = lock(false)) {
            List<Snapshot> snapshots = kept.get();
            BlobIndex blobs = index();
            LockExtension extension = new LockExtension(vault, blobs);
            BufferPool buffers = new BufferPool(1);
            try (BlobReader reader = new BlobReader(vault, blobs)) {
                snapshots.forEach(snapshot -> extension.add(snapshot, reader, buffers));
            }
            extension.extend(clock.instant(), progress);
        }
    }

    /// Checks that the repository is whole. Goes on behind every damage, to name all of it.
    ///
    /// @param reading which packs are read; if empty, only the structure is checked
    /// @throws ProblemException `REPOSITORY_LOCKED`, `REPOSITORY_FORMAT`, `STORAGE_UNREACHABLE`
    public CheckResult check(Optional<Operation.Reading> reading, PackLedger ledger, CheckProgress progress) {
        Optional<RepositoryLock> lock = RepositoryLock.acquireToRead(vault, clock, timer);
        try {
            return new RepositoryCheck(this, ledger, progress).run(reading, clock.instant());
        } finally {
            lock.ifPresent(RepositoryLock::close);
        }
    }

    /// Repairs what can be repaired: lists packs anew from their own headers, moves what can still be read out of
    /// damaged packs, and takes what is lost from another repository that has it. Damaged files go to
    /// `pgcharter/damaged/`; nothing that could be read is lost. May be killed at any moment, and run again.
    /// Takes an exclusive lock.
    ///
    /// @param other has the same blobs, under another key
    /// @param ledger packs that it knows as read lately are not read again
    /// @throws ProblemException `REPOSITORY_LOCKED`, `REPOSITORY_FORMAT`, `STORAGE_UNREACHABLE`, `STORAGE_FULL`
    public RepairResult repair(Optional<Repository> other, PackLedger ledger, CheckProgress progress) {
        Optional<RepositoryLock> theirs =
                other.flatMap(source -> RepositoryLock.acquireToRead(source.vault, source.clock, source.timer));
        try (RepositoryLock lock = RepositoryLock.acquire(vault, true, clock, timer)) {
            return new RepositoryRepair(this, ledger, progress, lock).run(other, clock.instant());
        } finally {
            theirs.ifPresent(RepositoryLock::close);
        }
    }

    /// A check without memory.
    ///
    /// @param readData also read every pack and check every blob
    /// @param progress gets the number of bytes of each pack read; may throw to stop
    CheckResult check(boolean readData, LongConsumer progress) {
        CheckProgress follower = new CheckProgress() {
            @Override
            public void reading(long totalBytes) {}

            @Override
            public void read(long bytes) {
                progress.accept(bytes);
            }

            @Override
            public void pause() {}
        };
        Optional<Operation.Reading> all = Optional.of(new Operation.Reading(Duration.ZERO, 100));
        return check(readData ? all : Optional.empty(), PackLedger.none(), follower);
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

    /// The index, brought up to what is stored now: from this machine's cache, and from the index files that it
    /// lacks. If a file is gone, all is read again.
    synchronized BlobIndex index() {
        boolean isMarkedAnew = !vault.names(PackMarks.DIRECTORY).equals(marks.files());
        if (isMarkedAnew) {
            marks = PackMarks.load(vault);
        }
        List<String> names = vault.names(Vault.INDEX);
        if (isMarkedAnew || loadedIndexes.isEmpty() || !Set.copyOf(names).containsAll(loadedIndexes)) {
            IndexCache.Content cached = cache.read(names);
            index = new BlobIndex(marks.packs(), cache.scratch(), cached.index());
            loadedIndexes.clear();
            loadedIndexes.addAll(cached.files());
        }
        List<String> missing =
                names.stream().filter(name -> !loadedIndexes.contains(name)).toList();
        IndexReading reading = new IndexReading(vault, damage -> {
            throw damage;
        });
        loadedIndexes.addAll(reading.read(missing, index));
        cache.keep(index, loadedIndexes);
        return index;
    }

    /// The index as its files have it now, each of them read: what a check looks at.
    ///
    /// @param damaged gets what is wrong with a file, which then counts as not there
    BlobIndex index(Consumer<ProblemException> damaged) {
        BlobIndex whole = new BlobIndex(Set.of(), cache.scratch(), BlobIndex.Saved.NONE);
        new IndexReading(vault, damaged).read(vault.names(Vault.INDEX), whole);
        return whole;
    }

    /// Stops renewing locks, and closes the storage. Writers and readers must be closed before.
    @Override
    public void close() {
        timer.shutdownNow();
        vault.storage().close();
    }
}
