package io.pgcharter.platform.access;

import io.pgcharter.model.operation.Role;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;

/// The persons, and how they prove who they are. All times are the control database's. Thread-safe.
public final class People {
    /// How long the link holds with which a person sets a password.
    public static final Duration LINK_HOLDS = Duration.ofHours(24);

    private final Jdbi jdbi;
    private final Passwords passwords = new Passwords();
    private final Opaque opaque = new Opaque();

    public People(State state) {
        this.jdbi = state.jdbi();
    }

    public boolean isEmpty() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT NOT EXISTS (SELECT FROM pgcharter.person)")
                .mapTo(Boolean.class)
                .one());
    }

    /// By name.
    public List<Person> all() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT name, role, password IS NOT NULL, added_at, seen_at FROM pgcharter.person ORDER BY name")
                .map(People::read)
                .list());
    }

    public Optional<Person> find(String name) {
        return jdbi.withHandle(handle ->
                handle.createQuery("""
                SELECT name, role, password IS NOT NULL, added_at, seen_at FROM pgcharter.person WHERE name = :name""").bind("name", name).map(People::read).findOne());
    }

    private static Person read(RowView row) {
        return new Person(
                row.getColumn(1, String.class),
                Role.valueOf(row.getColumn(2, String.class)),
                row.getColumn(3, Boolean.class),
                row.getColumn(4, Instant.class),
                Optional.ofNullable(row.getColumn(5, Instant.class)));
    }

    /// What the link of a person is made of.
    public record Invitation(Secret secret, Instant expiresAt) {}

    /// Lets a person in as `role`, once the link was used. Somebody who is known gets the role at once and a new link,
    /// with which to set another password; the old link holds no longer.
    public Invitation invite(String name, Role role) {
        Secret secret = opaque.make("");
        return jdbi.inTransaction(handle -> {
            handle.createUpdate("""
                    INSERT INTO pgcharter.person (name, role, added_at) VALUES (:name, :role, clock_timestamp())
                    ON CONFLICT (name) DO UPDATE SET role = excluded.role""")
                    .bind("name", name)
                    .bind("role", role.name())
                    .execute();
            Instant expires = handle.createQuery("""
                    INSERT INTO pgcharter.invitation (hash, person, expires_at)
                    VALUES (:hash, :name, clock_timestamp() + :seconds * interval '1 second')
                    ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at
                    RETURNING expires_at""")
                    .bind("hash", Opaque.hash(secret.reveal()))
                    .bind("name", name)
                    .bind("seconds", LINK_HOLDS.toSeconds())
                    .mapTo(Instant.class)
                    .one();
            return new Invitation(secret, expires);
        });
    }

    /// Whose link it is; empty if it was used, has expired or never was one. Changes nothing.
    public Optional<String> invited(String shown) {
        return jdbi.withHandle(handle -> invited(handle, shown));
    }

    private static Optional<String> invited(Handle handle, String shown) {
        return handle.createQuery("""
                SELECT person FROM pgcharter.invitation WHERE hash = :hash AND expires_at > clock_timestamp()""")
                .bind("hash", Opaque.hash(shown))
                .mapTo(String.class)
                .findOne();
    }

    /// Whether a password may be used at all: long enough that nobody guesses it, and not of one character.
    public static boolean isPassword(String text) {
        return text.length() >= Passwords.LENGTH_MIN
                && text.length() <= Passwords.LENGTH_MAX
                && text.chars().distinct().count() > 3;
    }

    /// Uses the link: the person has this password from now on, and every login there was ends.
    ///
    /// @return whether it is a link of that person that still holds
    public boolean accept(String name, Secret link, Secret password) {
        String hash = passwords.hash(password);
        return jdbi.inTransaction(handle -> {
            int used = handle.execute(
                    "DELETE FROM pgcharter.invitation WHERE person = ? AND hash = ? AND expires_at > clock_timestamp()",
                    name,
                    Opaque.hash(link.reveal()));
            if (used > 0) {
                handle.execute("UPDATE pgcharter.person SET password = ? WHERE name = ?", hash, name);
                handle.execute("DELETE FROM pgcharter.login WHERE person = ? AND role IS NULL", name);
            }
            return used > 0;
        });
    }

    /// Whether that is the person's password. Takes as long for nobody as for somebody.
    public boolean proves(String name, Secret password) {
        Optional<String> kept = jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT password FROM pgcharter.person WHERE name = :name AND password IS NOT NULL")
                .bind("name", name)
                .mapTo(String.class)
                .findOne());
        if (kept.isEmpty()) {
            String unused = passwords.hash(password);
            return false;
        }
        return passwords.matches(password, kept.get());
    }

    /// Gives a person another password: every other login of theirs ends, and a link that was given out does.
    ///
    /// @param login that goes on, by what its browser shows
    public void change(String name, Secret password, Optional<Secret> login) {
        String hash = passwords.hash(password);
        jdbi.useTransaction(handle -> {
            handle.execute("UPDATE pgcharter.person SET password = ? WHERE name = ?", hash, name);
            handle.execute("DELETE FROM pgcharter.invitation WHERE person = ?", name);
            handle.execute(
                    "DELETE FROM pgcharter.login WHERE person = ? AND hash <> ?",
                    name,
                    Opaque.hash(login.map(Secret::reveal).orElse("")));
        });
    }

    /// Lets a person in no longer: logins, tokens and links go with it.
    ///
    /// @return whether there was such a person, or a login of that name that an identity provider vouched for
    public boolean remove(String name) {
        return jdbi.inTransaction(handle -> {
            int ended = handle.execute("DELETE FROM pgcharter.login WHERE person = ?", name);
            return handle.execute("DELETE FROM pgcharter.person WHERE name = ?", name) + ended > 0;
        });
    }
}
