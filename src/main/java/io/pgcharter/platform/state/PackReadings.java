package io.pgcharter.platform.state;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// When each pack of each repository was last read and found whole. Made for a hundred thousand packs: whole sets go in
/// and out with one statement. Thread-safe.
///
/// Repositories are named by their own id, packs by 64 hexadecimal digits.
public final class PackReadings {
    private final Jdbi jdbi;

    public PackReadings(State state) {
        this.jdbi = state.jdbi();
    }

    /// Pack to time, of every pack of the repository that was ever read.
    public Map<String, Instant> load(String repository) {
        return jdbi.withHandle(handle -> {
            Map<String, Instant> readAt = new HashMap<>();
            handle.createQuery(
                            "SELECT encode(pack, 'hex'), read_at FROM pgcharter.pack_reading WHERE repository = :repository")
                    .bind("repository", repository)
                    .map((row, _) -> Map.entry(
                            row.getString(1),
                            row.getObject(2, OffsetDateTime.class).toInstant()))
                    .forEach(entry -> readAt.put(entry.getKey(), entry.getValue()));
            return readAt;
        });
    }

    /// Notes that the packs were read at that time; what was known of them is replaced.
    public void enter(String repository, Collection<String> packs, Instant at) {
        jdbi.useHandle(handle -> withArrays(handle)
                .createUpdate("""
                        INSERT INTO pgcharter.pack_reading (repository, pack, read_at)
                        SELECT :repository, decode(pack, 'hex'), :at FROM unnest(:packs) AS pack
                        ON CONFLICT (repository, pack) DO UPDATE SET read_at = excluded.read_at""")
                .bind("repository", repository)
                .bind("at", OffsetDateTime.ofInstant(at, ZoneOffset.UTC))
                .bindArray("packs", String.class, packs)
                .execute());
    }

    public void remove(String repository, Collection<String> packs) {
        jdbi.useHandle(handle -> withArrays(handle)
                .createUpdate("""
                        DELETE FROM pgcharter.pack_reading
                        WHERE repository = :repository
                          AND pack IN (SELECT decode(pack, 'hex') FROM unnest(:packs) AS pack)""")
                .bind("repository", repository)
                .bindArray("packs", String.class, packs)
                .execute());
    }

    private static Handle withArrays(Handle handle) {
        return handle.registerArrayType(String.class, "text");
    }
}
