package io.pgcharter.platform.secret;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.model.secret.SecretText;

/// Resolves secret references. Thread-safe.
public interface Secrets {
    /// @throws io.pgcharter.model.problem.ProblemException `SECRET_UNRESOLVED`, naming the reference, never the value
    Secret resolve(SecretText text);
}
