package io.pgcharter.model.operation;

import io.pgcharter.model.secret.Secret;
import java.time.Instant;

/// What became of letting people and programs in.
public sealed interface AccessReport extends Report {
    /// @param link with which the person sets a password, once; shown to whoever asked and kept nowhere
    record UserAdd(String user, Role role, Secret link, Instant expiresAt) implements AccessReport {}

    record UserRemove(String user) implements AccessReport {}

    /// @param token by which it is revoked; @param secret the token itself; shown to whoever asked and kept nowhere
    record TokenCreate(String token, String user, String name, Role scope, Secret secret, Instant expiresAt)
            implements AccessReport {}

    record TokenRevoke(String token) implements AccessReport {}

    /// @param login what the browser's cookie is to hold; kept nowhere
    record Login(String user, Secret login) implements AccessReport {}

    record Logout(String user, String session) implements AccessReport {}

    record PasswordChange(String user) implements AccessReport {}
}
