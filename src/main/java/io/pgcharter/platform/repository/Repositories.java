package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.secret.Secrets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Opens repositories from what the charter says of them. Thread-safe.
public final class Repositories {
    private final Secrets secrets;
    private final Keyring keys = new Keyring();

    public Repositories(Secrets secrets) {
        this.secrets = secrets;
    }

    /// @param path directory of the repository
    /// @throws ProblemException as [Repository#open], and `SECRET_UNRESOLVED`
    public Repository open(SecretText path, SecretText password) {
        return Repository.open(directory(path), secrets.resolve(password), keys);
    }

    /// @param path directory of the repository
    /// @throws ProblemException as [Repository#init], and `SECRET_UNRESOLVED`
    public Repository init(SecretText path, SecretText password) {
        return Repository.init(directory(path), secrets.resolve(password));
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
