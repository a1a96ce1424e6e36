package io.pgcharter.platform.repository;

import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.Storage;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// Opens repositories from what the charter says of them. Thread-safe.
public final class Repositories {
    private final Secrets secrets;
    private final Path caches;
    private final Keyring keys = new Keyring();

    /// @param caches where this machine keeps copies of the repositories' indexes, a directory for each
    ///     repository; all of it may be removed at any moment, and it need not be writable
    public Repositories(Secrets secrets, Path caches) {
        this.secrets = secrets;
        this.caches = caches;
    }

    /// @throws ProblemException as [Repository#open], and `SECRET_UNRESOLVED`
    public Repository open(StoragePlace place, SecretText password) {
        return Repository.open(
                storage(place), secrets.resolve(password), keys, InstantSource.system(), Optional.of(caches));
    }

    /// @throws ProblemException as [Repository#init], and `SECRET_UNRESOLVED`
    public Repository init(StoragePlace place, SecretText password) {
        return Repository.init(storage(place), secrets.resolve(password));
    }

    private Storage storage(StoragePlace place) {
        return switch (place) {
            case StoragePlace.Directory(SecretText path) -> new FileStorage(directory(path));
            case StoragePlace.Bucket _ -> throw new IllegalStateException("to be built: S3");
        };
    }

    private Path directory(SecretText path) {
        try {
            return Path.of(secrets.resolve(path).reveal());
        } catch (InvalidPathException e) {
            throw new ProblemException(
                    ProblemCode.STORAGE_UNREACHABLE,
                    "the path '" + path + "' is no path",
                    "it holds a character that no path has",
                    "correct the line 'path' of the repository in the charter");
        }
    }
}
