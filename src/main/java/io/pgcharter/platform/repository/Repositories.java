package io.pgcharter.platform.repository;

import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.S3Place;
import io.pgcharter.platform.storage.S3Storage;
import io.pgcharter.platform.storage.Storage;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
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
        Secret opening = password(password);
        return closedOnFailure(storage(place), storage -> open(storage, opening));
    }

    /// @throws ProblemException as [Repository#init], and `SECRET_UNRESOLVED`
    public Repository init(StoragePlace place, SecretText password) {
        Secret opening = password(password);
        return closedOnFailure(storage(place), storage -> Repository.init(storage, opening));
    }

    /// Makes a repository that cuts chunks where `like` does, so that equal content is stored once also if some of it
    /// is backed up here and some is copied from there.
    ///
    /// @throws ProblemException as [Repository#init], and `SECRET_UNRESOLVED`
    public Repository init(StoragePlace place, SecretText password, Repository like) {
        Secret opening = password(password);
        return closedOnFailure(
                storage(place),
                storage -> Repository.init(storage, opening, InstantSource.system(), like.polynomial()));
    }

    /// The keys of a repository opened with `password`.
    ///
    /// @throws ProblemException as [#open]
    public RepositoryKeys keys(StoragePlace place, SecretText password) {
        Secret current = password(password);
        return closedOnFailure(storage(place), storage -> open(storage, current))
                .keys(current, keys);
    }

    private Repository open(Storage storage, Secret password) {
        return Repository.open(storage, password, keys, InstantSource.system(), Optional.of(caches));
    }

    private static Repository closedOnFailure(Storage storage, Function<Storage, Repository> opening) {
        try {
            return opening.apply(storage);
        } catch (RuntimeException e) {
            storage.close();
            throw e;
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
            case StoragePlace.Bucket bucket -> S3Storage.open(bucket(bucket), InstantSource.system());
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

    private S3Place bucket(StoragePlace.Bucket bucket) {
        return new S3Place(
                secrets.resolve(bucket.bucket()).reveal(),
                bucket.prefix(),
                bucket.endpoint().map(this::endpoint),
                bucket.region(),
                bucket.pathStyle(),
                bucket.credentials()
                        .map(key -> new S3Place.AccessKey(
                                secrets.resolve(key.accessKey()), secrets.resolve(key.secretKey()))),
                bucket.writing());
    }

    private URI endpoint(SecretText endpoint) {
        String text = secrets.resolve(endpoint).reveal();
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?")) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below, for all that is no address.
        }
        throw new ProblemException(
                ProblemCode.STORAGE_UNREACHABLE,
                "the endpoint '" + endpoint + "' is no address",
                "it must be https://host or https://host:port",
                "correct the line 'endpoint' of the repository in the charter");
    }
}
