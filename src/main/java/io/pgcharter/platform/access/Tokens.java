package io.pgcharter.platform.access;

import io.pgcharter.model.operation.Role;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.state.State;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// The tokens by which programs use the API. Each belongs to a person and can do at most what its scope and that person
/// may. Thread-safe.
public final class Tokens {
    /// What every token begins with, so that it is recognised where it has strayed to.
    private static final String PREFIX = "pgc_";

    private final Jdbi jdbi;
    private final Opaque opaque = new Opaque();
    private final SecureRandom random = new SecureRandom();

    public Tokens(State state) {
        this.jdbi = state.jdbi();
    }

    /// A token without what it is known by.
    ///
    /// @param id by which it is revoked
    public record Token(
            String id,
            String person,
            String name,
            Role scope,
            Instant madeAt,
            Instant expiresAt,
            Optional<Instant> usedAt) {}

    /// What is shown once.
    public record Made(String id, Secret secret, Instant expiresAt) {}

    public Made make(String person, String name, Role scope, Duration lasting) {
        byte[] bytes = new byte[4];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        Secret secret = opaque.make(PREFIX);
        Instant expires = jdbi.withHandle(handle -> handle.createQuery("""
                INSERT INTO pgcharter.token (id, hash, person, name, scope, made_at, expires_at)
                VALUES (:id, :hash, :person, :name, :scope, clock_timestamp(),
                        clock_timestamp() + :seconds * interval '1 second')
                RETURNING expires_at""")
                .bind("id", id)
                .bind("hash", Opaque.hash(secret.reveal()))
                .bind("person", person)
                .bind("name", name)
                .bind("scope", scope.name())
                .bind("seconds", lasting.toSeconds())
                .mapTo(Instant.class)
                .one());
        return new Made(id, secret, expires);
    }

    /// All of them, also those whose time is over; the newest first.
    public List<Token> all() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                SELECT id, person, name, scope, made_at, expires_at, used_at FROM pgcharter.token
                ORDER BY made_at DESC""")
                .map(row -> new Token(
                        row.getColumn(1, String.class),
                        row.getColumn(2, String.class),
                        row.getColumn(3, String.class),
                        Role.valueOf(row.getColumn(4, String.class)),
                        row.getColumn(5, Instant.class),
                        row.getColumn(6, Instant.class),
                        Optional.ofNullable(row.getColumn(7, Instant.class))))
                .list());
    }

    /// @return whether there was such a token
    public boolean revoke(String id) {
        return jdbi.withHandle(handle -> handle.execute("DELETE FROM pgcharter.token WHERE id = ?", id)) == 1;
    }

    /// Who shows this token, with the lesser of its scope and the person's role; empty if it opens nothing.
    public Optional<Logins.Login> find(String shown) {
        if (!shown.startsWith(PREFIX)) {
            return Optional.empty();
        }
        return jdbi.withHandle(handle -> handle.createQuery("""
                WITH found AS (
                  SELECT t.id, t.person, t.scope, p.role, t.used_at
                  FROM pgcharter.token t JOIN pgcharter.person p ON p.name = t.person
                  WHERE t.hash = :hash AND t.expires_at > clock_timestamp()
                ), noted AS (
                  UPDATE pgcharter.token SET used_at = clock_timestamp()
                  WHERE id IN (SELECT id FROM found
                               WHERE used_at IS NULL OR used_at < clock_timestamp() - interval '1 minute')
                )
                SELECT person, scope, role FROM found""")
                .bind("hash", Opaque.hash(shown))
                .map(row -> new Logins.Login(
                        row.getColumn(1, String.class),
                        lesser(
                                Role.valueOf(row.getColumn(2, String.class)),
                                Role.valueOf(row.getColumn(3, String.class))),
                        Optional.empty()))
                .findOne());
    }

    /// What both allow.
    static Role lesser(Role scope, Role role) {
        if (role.covers(scope)) {
            return scope;
        }
        return scope.covers(role) ? role : Role.VIEWER;
    }
}
