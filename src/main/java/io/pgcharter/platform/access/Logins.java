package io.pgcharter.platform.access;

import io.pgcharter.model.operation.Role;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// Who is logged in. A login is known by something random that the browser's cookie holds. It ends when it was idle
/// for too long, when its time is over, and when somebody ends it; whichever node is asked. Thread-safe.
public final class Logins {
    /// A login's use is written down at most so often: reading pages shall not be writing.
    private static final Duration USE_NOTED = Duration.ofMinutes(1);

    private final Jdbi jdbi;
    private final Opaque opaque = new Opaque();
    private final Duration idle;
    private final Duration lasting;

    /// @param idle ends a login that was not used for so long
    /// @param lasting ends it in any case
    public Logins(State state, Duration idle, Duration lasting) {
        this.jdbi = state.jdbi();
        this.idle = idle;
        this.lasting = lasting;
    }

    /// Somebody who is logged in, with the role they have right now.
    ///
    /// @param environment which they chose to act from
    public record Login(String person, Role role, Optional<String> environment) {}

    /// Where a login comes from.
    ///
    /// @param browser in words: `Firefox on Linux`
    public record Origin(String address, String browser) {}

    /// One login, as its person sees it.
    ///
    /// @param id does not lead back to what the cookie holds
    /// @param own the one that asks
    public record Session(String id, Origin origin, Instant begunAt, Instant usedAt, boolean own) {}

    /// Begins a login of a person of ours. What is over is forgotten on the occasion.
    public Secret begin(String person, Origin origin) {
        return begin(person, Optional.empty(), origin);
    }

    /// Begins a login of somebody whom an identity provider vouches for.
    public Secret begin(String person, Role role, Origin origin) {
        return begin(person, Optional.of(role), origin);
    }

    private Secret begin(String person, Optional<Role> role, Origin origin) {
        Secret secret = opaque.make("");
        jdbi.useTransaction(handle -> {
            handle.createUpdate("""
                    DELETE FROM pgcharter.login
                    WHERE begun_at < clock_timestamp() - :lasting * interval '1 second'
                       OR used_at < clock_timestamp() - :idle * interval '1 second'""")
                    .bind("lasting", lasting.toSeconds())
                    .bind("idle", idle.toSeconds())
                    .execute();
            handle.createUpdate("""
                    INSERT INTO pgcharter.login (hash, person, role, begun_at, used_at, address, browser)
                    VALUES (:hash, :person, :role, clock_timestamp(), clock_timestamp(), :address, :browser)""")
                    .bind("hash", Opaque.hash(secret.reveal()))
                    .bind("person", person)
                    .bind("role", role.map(Role::name).orElse(null))
                    .bind("address", origin.address())
                    .bind("browser", origin.browser())
                    .execute();
            handle.execute("UPDATE pgcharter.person SET seen_at = clock_timestamp() WHERE name = ?", person);
        });
        return secret;
    }

    /// Who shows this; empty if it is no login, or none any more.
    public Optional<Login> find(String shown) {
        return jdbi.withHandle(handle -> {
            Optional<Found> found = handle.createQuery("""
                    SELECT l.person, coalesce(l.role, p.role), l.used_at < clock_timestamp() - :noted * interval '1 second',
                      l.environment
                    FROM pgcharter.login l LEFT JOIN pgcharter.person p ON p.name = l.person
                    WHERE l.hash = :hash AND coalesce(l.role, p.role) IS NOT NULL
                      AND l.begun_at > clock_timestamp() - :lasting * interval '1 second'
                      AND l.used_at > clock_timestamp() - :idle * interval '1 second'""")
                    .bind("hash", Opaque.hash(shown))
                    .bind("lasting", lasting.toSeconds())
                    .bind("idle", idle.toSeconds())
                    .bind("noted", Math.min(USE_NOTED.toSeconds(), idle.toSeconds() / 2))
                    .map(row -> new Found(
                            new Login(
                                    row.getColumn(1, String.class),
                                    Role.valueOf(row.getColumn(2, String.class)),
                                    Optional.ofNullable(row.getColumn(4, String.class))),
                            row.getColumn(3, Boolean.class)))
                    .findOne();
            if (found.isPresent() && found.get().isToBeNoted()) {
                handle.execute(
                        "UPDATE pgcharter.login SET used_at = clock_timestamp() WHERE hash = ?", Opaque.hash(shown));
            }
            return found.map(Found::login);
        });
    }

    private record Found(Login login, boolean isToBeNoted) {}

    /// The logins of a person that hold, the newest first.
    ///
    /// @param shown by which the one that asks is known
    public List<Session> sessions(String person, String shown) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                SELECT left(encode(hash, 'hex'), 16), address, browser, begun_at, used_at, hash = :hash
                FROM pgcharter.login
                WHERE person = :person AND begun_at > clock_timestamp() - :lasting * interval '1 second'
                  AND used_at > clock_timestamp() - :idle * interval '1 second'
                ORDER BY begun_at DESC""")
                .bind("hash", Opaque.hash(shown))
                .bind("person", person)
                .bind("lasting", lasting.toSeconds())
                .bind("idle", idle.toSeconds())
                .map(row -> new Session(
                        row.getColumn(1, String.class),
                        new Origin(row.getColumn(2, String.class), row.getColumn(3, String.class)),
                        row.getColumn(4, Instant.class),
                        row.getColumn(5, Instant.class),
                        row.getColumn(6, Boolean.class)))
                .list());
    }

    /// Ends one login of a person.
    ///
    /// @param id of the [Session]
    /// @return whether there was such a one
    public boolean endSession(String person, String id) {
        return jdbi.withHandle(handle -> handle.execute(
                        "DELETE FROM pgcharter.login WHERE person = ? AND left(encode(hash, 'hex'), 16) = ?",
                        person,
                        id))
                > 0;
    }

    /// Notes which environment the person acts from in this login; empty for none.
    public void actFrom(String shown, Optional<String> environment) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "UPDATE pgcharter.login SET environment = :environment WHERE hash = :hash")
                .bind("environment", environment.orElse(null))
                .bind("hash", Opaque.hash(shown))
                .execute());
    }

    /// Ends the login.
    public void end(String shown) {
        jdbi.useHandle(handle -> handle.execute("DELETE FROM pgcharter.login WHERE hash = ?", Opaque.hash(shown)));
    }
}
