package io.pgcharter.platform.repository;

import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.Storage;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;

/// Opens repositories from what the charter says of them. Thread-safe.
public final class Repositories {
    /// What Go calls white space, at either end.
    private static final Pattern AROUND =
            Pattern.compile("^\\uFEFF?[\\p{IsWhite_Space}]+|^\\uFEFF|[\\p{IsWhite_Space}]+$");

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
        return Repository.open(storage(place), password(password), keys, InstantSource.system(), Optional.of(caches));
    }

    /// @throws ProblemException as [Repository#init], and `SECRET_UNRESOLVED`
    public Repository init(StoragePlace place, SecretText password) {
        return Repository.init(storage(place), password(password));
    }

    /// Makes a repository that cuts chunks where `like` does, so that equal content is stored once also if some of it
    /// is backed up here and some is copied from there.
    ///
    /// @throws ProblemException as [Repository#init], and `SECRET_UNRESOLVED`
    public Repository init(StoragePlace place, SecretText password, Repository like) {
        return Repository.init(storage(place), password(password), InstantSource.system(), like.polynomial());
    }

    /// The keys of a repository opened with `password`.
    ///
    /// @throws ProblemException as [#open]
    public RepositoryKeys keys(StoragePlace place, SecretText password) {
        Secret current = password(password);
        try (Repository repository = Repository.open(storage(place), current, keys)) {
            return repository.keys(current, keys);
        }
    }

    /// A password on its own. In a file, white space around it does not count, nor does a byte order mark: so restic
    /// reads its `--password-file`, and both open the same.
    public Secret password(SecretText password) {
        Secret resolved = secrets.resolve(password);
        boolean isFile = password.references().stream()
                .anyMatch(reference -> reference.provider().equals("file")
                        && reference.toString().equals(password.text()));
        return isFile ? new Secret(AROUND.matcher(resolved.reveal()).replaceAll("")) : resolved;
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
