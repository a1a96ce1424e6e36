package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.Storage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The keys of an open repository: one file for each password, all of them around the same master key, which never
/// changes. Work on keys goes on beside backups; the caller sees to it that no two change keys at a time. Thread-safe.
public final class RepositoryKeys implements AutoCloseable {
    private static final int PREFIX_MIN_DIGITS = 8;

    private final Repository repository;
    private final Storage storage;
    private final MasterKey master;
    private final Secret current;
    private final Keyring keyring;
    private final InstantSource clock;

    /// @param current the password that opened the repository
    /// @param repository closed together with this
    RepositoryKeys(Repository repository, Secret current, Keyring keyring, InstantSource clock) {
        this.repository = repository;
        this.storage = repository.vault().storage();
        this.master = repository.vault().key();
        this.current = current;
        this.keyring = keyring;
        this.clock = clock;
    }

    /// One key file.
    ///
    /// @param id 64 hexadecimal digits
    /// @param createdAt empty if the file does not tell
    /// @param isCurrent whether the password in use opens it
    /// @param trouble why no password opens it, in one line; empty if it is sound
    public record Key(
            String id,
            Optional<Instant> createdAt,
            String user,
            String host,
            boolean isCurrent,
            Optional<String> trouble) {}

    public List<Key> list() {
        Set<String> opened = openedBy(current);
        return KeyFile.list(storage).stream()
                .map(key -> new Key(
                        key.name(),
                        key.createdAt(),
                        key.user(),
                        key.host(),
                        opened.contains(key.name()),
                        key.trouble()))
                .toList();
    }

    /// Lets one more password open the repository.
    ///
    /// @return the new key's id
    /// @throws ProblemException `REPOSITORY_KEY` if it opens it already, `STORAGE_FULL`
    public String add(Secret password) {
        openedBy(password).stream().findFirst().ifPresent(id -> {
            throw refused(
                    "the password opens '" + storage.location() + "' already",
                    "the key " + id.substring(0, PREFIX_MIN_DIGITS) + " was made with it",
                    "nothing is left to do; see the keys: pgcharter repository key list");
        });
        return addProven(password);
    }

    /// Lets a password open the repository no longer.
    ///
    /// @param prefix first digits of the key's id, at least 8
    /// @return the key's id
    /// @throws ProblemException `NOT_FOUND`; `REPOSITORY_KEY` if it is the last one, or the one in use
    public String remove(String prefix) {
        List<KeyFile.Stored> all = KeyFile.list(storage);
        List<String> found = all.stream()
                .map(KeyFile.Stored::name)
                .filter(name -> prefix.length() >= PREFIX_MIN_DIGITS && name.startsWith(prefix))
                .toList();
        if (found.size() != 1) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "no key '" + prefix + "' in '" + storage.location() + "'",
                    found.isEmpty() ? "no id of at least 8 digits begins so" : found.size() + " ids begin so",
                    "see the keys: pgcharter repository key list");
        }
        String id = found.getFirst();
        if (openedBy(current).equals(Set.of(id))) {
            throw refused(
                    "the key " + id.substring(0, PREFIX_MIN_DIGITS) + " is "
                            + (all.size() == 1 ? "the last one" : "the one in use"),
                    "the password in the charter opens no other",
                    "put another in its place: pgcharter repository key rotate; or change the charter's password first");
        }
        storage.hide(Vault.KEYS + id);
        return id;
    }

    /// What a rotation did.
    ///
    /// @param removed ids of the keys that the password in use had opened; empty if they were gone
    public record Rotation(String added, List<String> removed) {
        public Rotation {
            removed = List.copyOf(removed);
        }
    }

    /// Puts `password` in the place of the one in use: makes a key with it, opens the repository by that key, and only
    /// then removes those of the other. Where it was stopped in between, it goes on from there.
    ///
    /// @throws ProblemException `REPOSITORY_KEY` if it is the password in use
    public Rotation rotate(Secret password) {
        Set<String> old = openedBy(current);
        Set<String> made = openedBy(password);
        if (made.stream().anyMatch(old::contains)) {
            throw refused(
                    "the new password is the one in use",
                    "both references give the same",
                    "write the new password where the reference points to, then run it again");
        }
        String added = made.stream().findFirst().orElseGet(() -> addProven(password));
        old.forEach(id -> storage.hide(Vault.KEYS + id));
        return new Rotation(added, List.copyOf(old));
    }

    /// Makes a key file and opens it as it was stored.
    private String addProven(Secret password) {
        String id = KeyFile.save(storage, master, password, clock.instant());
        if (!openedBy(password).contains(id)) {
            storage.hide(Vault.KEYS + id);
            throw Damage.of(
                    "'" + storage.location() + "' does not give back the key that was just written to it",
                    "the key file does not open with its password");
        }
        return id;
    }

    /// Ids of the keys that the password opens and that hold this repository's master key.
    private Set<String> openedBy(Secret password) {
        return KeyFile.openAll(storage, password, keyring).stream()
                .filter(opened -> master.isSame(opened.key()))
                .map(KeyFile.Opened::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static ProblemException refused(String fact, String cause, String remedy) {
        return new ProblemException(ProblemCode.REPOSITORY_KEY, fact, cause, remedy);
    }

    @Override
    public void close() {
        repository.close();
    }
}
