package io.pgcharter.platform.state;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.migration.Pin;
import io.pgcharter.model.migration.Rehearsal;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ObjectName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The rehearsals of all nodes. Thread-safe.
public final class Rehearsals {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Of so many of a database it is known, object by object, what they made.
    private static final int MADE_MOST = 10;

    private final Jdbi jdbi;

    public Rehearsals(State state) {
        this.jdbi = state.jdbi();
    }

    /// @param made the catalog it ended with; digests of its values are kept, for the newest ten of a database
    public void keep(Rehearsal rehearsal, Optional<Catalog> made) {
        jdbi.useTransaction(handle -> {
            enter(handle, rehearsal, made);
            handle.createUpdate("""
                            UPDATE pgcharter.rehearsal SET made = NULL
                            WHERE database = :database AND made IS NOT NULL AND run NOT IN (
                              SELECT run FROM pgcharter.rehearsal WHERE database = :database AND made IS NOT NULL
                              ORDER BY ended_at DESC LIMIT :most)""")
                    .bind("database", rehearsal.database().text())
                    .bind("most", MADE_MOST)
                    .execute();
        });
    }

    private static void enter(Handle handle, Rehearsal rehearsal, Optional<Catalog> made) {
        handle.createUpdate("""
                        INSERT INTO pgcharter.rehearsal
                          (run, database, pin, backup, before_catalog, after_catalog, passed, ended_at, made)
                        VALUES (:run, :database, :pin, :backup, :before, :after, :passed, :ended, :made)""")
                .bind("run", rehearsal.run().text())
                .bind("database", rehearsal.database().text())
                .bind("pin", rehearsal.pin().sha256())
                .bind("backup", rehearsal.backup().text())
                .bind("before", rehearsal.before())
                .bind("after", rehearsal.after())
                .bind("passed", rehearsal.isPassed())
                .bind("ended", rehearsal.endedAt().atOffset(ZoneOffset.UTC))
                .bind("made", made.map(Rehearsals::packed).orElse(null))
                .execute();
    }

    private static byte[] packed(Catalog catalog) {
        Map<ObjectKind, Map<String, Map<String, String>>> kinds = new EnumMap<>(ObjectKind.class);
        catalog.digested()
                .objects()
                .forEach((name, attributes) ->
                        kinds.computeIfAbsent(name.kind(), _ -> new TreeMap<>()).put(name.text(), attributes));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            JSON.writeValue(out, kinds);
        } catch (IOException e) {
            throw new IllegalStateException("memory is always to be written to", e);
        }
        return packed.toByteArray();
    }

    private static Catalog unpacked(byte[] packed) {
        SortedMap<ObjectName, SortedMap<String, String>> objects = new TreeMap<>();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            JSON.readValue(in, new TypeReference<Map<ObjectKind, Map<String, TreeMap<String, String>>>>() {})
                    .forEach((kind, names) ->
                            names.forEach((name, attributes) -> objects.put(new ObjectName(kind, name), attributes)));
        } catch (IOException e) {
            throw new UncheckedIOException("what a rehearsal made, as the control database has it", e);
        }
        return new Catalog(0, Collections.emptySortedSet(), objects);
    }

    /// What the newest rehearsal of these migrations that ended with this catalog made: digests of values. Empty if
    /// it is not kept any more.
    ///
    /// @param after the catalog's fingerprint
    public Optional<Catalog> made(DatabaseName database, Pin pin, String after) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT made FROM pgcharter.rehearsal
                        WHERE database = :database AND pin = :pin AND after_catalog = :after AND made IS NOT NULL
                        ORDER BY ended_at DESC LIMIT 1""")
                .bind("database", database.text())
                .bind("pin", pin.sha256())
                .bind("after", after)
                .mapTo(byte[].class)
                .findOne()
                .map(Rehearsals::unpacked));
    }

    /// The newest one of exactly these migrations for the database, whether it passed or not.
    public Optional<Rehearsal> last(DatabaseName database, Pin pin) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT run, backup, before_catalog, after_catalog, passed, ended_at FROM pgcharter.rehearsal
                        WHERE database = :database AND pin = :pin ORDER BY ended_at DESC LIMIT 1""")
                .bind("database", database.text())
                .bind("pin", pin.sha256())
                .map((row, _) -> new Rehearsal(
                        new RunId(row.getString(1)),
                        database,
                        pin,
                        new BackupId(row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getBoolean(5),
                        row.getObject(6, OffsetDateTime.class).toInstant()))
                .findOne());
    }
}
