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
import java.util.function.Function;

/// Opens repositories from what the charter says of them. Thread-safe.
public final class Repositories {
    private final Secrets secrets;
    private final Keyring keys = new Keyring();

    public Repositories(Secrets secrets) {
        this.secrets = secrets;
    }

    /// @throws ProblemException as [Repository#open], and `SECRET_UNRESOLVED`
    public Repository open(StoragePlace place, SecretText password) {
        Secret opening = secrets.resolve(password);
        return closedOnFailure(storage(place), storage -> Repository.open(storage, opening, keys));
    }

    /// @throws ProblemException as [Repository#init], and `SECRET_UNRESOLVED`
    public Repository init(StoragePlace place, SecretText password) {
        Secret opening = secrets.resolve(password);
        return closedOnFailure(storage(place), storage -> Repository.init(storage, opening));
    }

    private static Repository closedOnFailure(Storage storage, Function<Storage, Repository> opening) {
        try {
            return opening.apply(storage);
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
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
