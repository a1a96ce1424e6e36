package io.pgcharter.platform.state;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.migration.Pin;
import io.pgcharter.model.migration.Rehearsal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// The rehearsals of all nodes. Thread-safe.
public final class Rehearsals {
    private final Jdbi jdbi;

    public Rehearsals(State state) {
        this.jdbi = state.jdbi();
    }

    public void keep(Rehearsal rehearsal) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        INSERT INTO pgcharter.rehearsal
                          (run, database, pin, backup, before_catalog, after_catalog, passed, ended_at)
                        VALUES (:run, :database, :pin, :backup, :before, :after, :passed, :ended)""")
                .bind("run", rehearsal.run().text())
                .bind("database", rehearsal.database().text())
                .bind("pin", rehearsal.pin().sha256())
                .bind("backup", rehearsal.backup().text())
                .bind("before", rehearsal.before())
                .bind("after", rehearsal.after())
                .bind("passed", rehearsal.isPassed())
                .bind("ended", rehearsal.endedAt().atOffset(ZoneOffset.UTC))
                .execute());
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
