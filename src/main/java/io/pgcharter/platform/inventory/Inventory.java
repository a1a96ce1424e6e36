package io.pgcharter.platform.inventory;

import io.pgcharter.model.estate.ListedBackup;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.platform.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;
import tools.jackson.databind.json.JsonMapper;

/// The backups of every repository as they were last seen. Made for a hundred thousand of them: a list goes in with
/// one statement, and only what is new or changed is written. Thread-safe.
public final class Inventory {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String COLUMNS = """
            SELECT backup, identity, repository, database, taken_at, proven_at, pinned, server, tables, rows, bytes
            FROM pgcharter.listed_backup
            """;

    private final Jdbi jdbi;

    public Inventory(State state) {
        this.jdbi = state.jdbi();
    }

    /// How each repository was last listed.
    public Map<RepositoryName, Listing> listings() {
        Map<RepositoryName, Listing> listings = new LinkedHashMap<>();
        jdbi.useHandle(handle -> handle.createQuery("""
                        SELECT repository, tried_at, listed_at, trouble_code, trouble, anchored_size, anchored_at
                        FROM pgcharter.listing ORDER BY repository""")
                .map(Inventory::listing)
                .forEach(listing -> listings.put(listing.repository(), listing)));
        return listings;
    }

    /// The backups of a database in every repository, newest first.
    public List<ListedBackup> backups(DatabaseName database) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        COLUMNS + "WHERE database = :database ORDER BY taken_at DESC, repository, backup")
                .bind("database", database.text())
                .map(Inventory::backup)
                .list());
    }

    /// The newest backup of every database in every repository that has one.
    public List<ListedBackup> newest() {
        return jdbi.withHandle(
                handle -> handle.createQuery("""
                        SELECT DISTINCT ON (database, repository)
                          backup, identity, repository, database, taken_at, proven_at, pinned, server, tables, rows, bytes
                        FROM pgcharter.listed_backup ORDER BY database, repository, taken_at DESC, backup""").map(Inventory::backup).list());
    }

    /// When the newest backup of each of `databases` was taken, in whatever repository; those without one are missing.
    /// One look into an index each, however many backups there are.
    public Map<DatabaseName, Instant> newest(Collection<DatabaseName> databases) {
        Map<DatabaseName, Instant> newest = new LinkedHashMap<>();
        jdbi.useHandle(handle -> handle.registerArrayType(String.class, "text")
                .createQuery("""
                        SELECT d.name, b.taken_at FROM unnest(:databases) AS d (name) CROSS JOIN LATERAL (
                          SELECT taken_at FROM pgcharter.listed_backup WHERE database = d.name
                          ORDER BY taken_at DESC LIMIT 1
                        ) AS b""")
                .bindArray(
                        "databases",
                        String.class,
                        databases.stream().map(DatabaseName::text).toList())
                .map(row ->
                        Map.entry(new DatabaseName(row.getColumn(1, String.class)), row.getColumn(2, Instant.class)))
                .forEach(entry -> newest.put(entry.getKey(), entry.getValue())));
        return newest;
    }

    /// When a backup of each of `databases` was last proven, in whatever repository; those of which none ever was are
    /// missing. One look into an index each.
    public Map<DatabaseName, Instant> proven(Collection<DatabaseName> databases) {
        Map<DatabaseName, Instant> proven = new LinkedHashMap<>();
        jdbi.useHandle(handle -> handle.registerArrayType(String.class, "text")
                .createQuery("""
                        SELECT d.name, b.proven_at FROM unnest(:databases) AS d (name) CROSS JOIN LATERAL (
                          SELECT proven_at FROM pgcharter.listed_backup
                          WHERE database = d.name AND proven_at IS NOT NULL ORDER BY proven_at DESC LIMIT 1
                        ) AS b""")
                .bindArray(
                        "databases",
                        String.class,
                        databases.stream().map(DatabaseName::text).toList())
                .map(row ->
                        Map.entry(new DatabaseName(row.getColumn(1, String.class)), row.getColumn(2, Instant.class)))
                .forEach(entry -> proven.put(entry.getKey(), entry.getValue())));
        return proven;
    }

    /// When the oldest backup in a repository was taken, of whatever database.
    public Optional<Instant> oldest(RepositoryName repository) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT min(taken_at) FROM pgcharter.listed_backup WHERE repository = :repository")
                .bind("repository", repository.text())
                .map(row -> Optional.ofNullable(row.getColumn(1, Instant.class)))
                .one());
    }

    /// Notes that somebody is about to list the repository, unless somebody did within `pause`: of several nodes that
    /// ask at once, one is told to.
    ///
    /// @return whether the caller is to list it
    boolean claim(RepositoryName repository, Duration pause) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                                INSERT INTO pgcharter.listing AS was (repository, tried_at)
                                VALUES (:repository, clock_timestamp())
                                ON CONFLICT (repository) DO UPDATE SET tried_at = excluded.tried_at
                                WHERE was.tried_at <= clock_timestamp() - :seconds * interval '1 second'""")
                        .bind("repository", repository.text())
                        .bind("seconds", pause.toSeconds())
                        .execute())
                == 1;
    }

    /// Takes over what the repository holds now.
    ///
    /// @param backups all of them @param anchoredSize as [Listing] has it
    void enter(
            RepositoryName repository,
            Collection<ListedBackup> backups,
            long anchoredSize,
            Optional<Instant> anchoredAt) {
        String rows =
                JSON.writeValueAsString(backups.stream().map(Inventory::row).toList());
        jdbi.useTransaction(handle -> {
            handle.createUpdate("""
                            INSERT INTO pgcharter.listing (repository, tried_at, listed_at, anchored_size, anchored_at)
                            VALUES (:repository, clock_timestamp(), clock_timestamp(), :size, :at::timestamptz)
                            ON CONFLICT (repository) DO UPDATE
                            SET tried_at = excluded.tried_at, listed_at = excluded.listed_at, trouble_code = NULL,
                                trouble = NULL, anchored_size = excluded.anchored_size, anchored_at = excluded.anchored_at""")
                    .bind("repository", repository.text())
                    .bind("size", anchoredSize)
                    .bind("at", anchoredAt.map(Instant::toString).orElse(null))
                    .execute();
            replace(handle, repository, rows);
        });
    }

    /// What has not changed is not touched: an `ON CONFLICT` alone would lock, and so write, every row.
    private static void replace(Handle handle, RepositoryName repository, String rows) {
        handle.createUpdate("""
                        WITH seen AS MATERIALIZED (
                          SELECT * FROM jsonb_to_recordset(:rows::jsonb) AS r (
                            backup text, identity text, database text, taken_at timestamptz, proven_at timestamptz,
                            pinned text, server text, tables int, rows bigint, bytes bigint)),
                        gone AS (
                          DELETE FROM pgcharter.listed_backup b
                          WHERE repository = :repository AND backup NOT IN (SELECT backup FROM seen))
                        INSERT INTO pgcharter.listed_backup
                          (repository, backup, identity, database, taken_at, proven_at, pinned, server, tables, rows, bytes)
                        SELECT :repository, seen.*
                        FROM seen LEFT JOIN pgcharter.listed_backup b ON b.repository = :repository AND b.backup = seen.backup
                        WHERE b.backup IS NULL OR (b.proven_at, b.pinned) IS DISTINCT FROM (seen.proven_at, seen.pinned)
                        ON CONFLICT (repository, backup) DO UPDATE
                        SET proven_at = excluded.proven_at, pinned = excluded.pinned""")
                .bind("repository", repository.text())
                .bind("rows", rows)
                .execute();
    }

    /// Notes that the repository could not be listed. What was known of it stays, with its age.
    void fail(RepositoryName repository, Problem problem) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        INSERT INTO pgcharter.listing (repository, tried_at, trouble_code, trouble)
                        VALUES (:repository, clock_timestamp(), :code, :trouble)
                        ON CONFLICT (repository) DO UPDATE
                        SET tried_at = excluded.tried_at, trouble_code = excluded.trouble_code, trouble = excluded.trouble""")
                .bind("repository", repository.text())
                .bind("code", problem.code().name())
                .bind("trouble", problem.fact())
                .execute());
    }

    /// Forgets repositories that the charter names no longer.
    void keepOnly(Collection<RepositoryName> repositories) {
        jdbi.useHandle(handle -> handle.registerArrayType(String.class, "text")
                .createUpdate("DELETE FROM pgcharter.listing WHERE repository <> ALL (:repositories)")
                .bindArray(
                        "repositories",
                        String.class,
                        repositories.stream().map(RepositoryName::text).toList())
                .execute());
    }

    private static Map<String, Object> row(ListedBackup backup) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("backup", backup.id().text());
        row.put("identity", backup.identity());
        row.put("database", backup.database().text());
        row.put("taken_at", backup.takenAt().toString());
        backup.provenAt().ifPresent(at -> row.put("proven_at", at.toString()));
        backup.pinned().ifPresent(because -> row.put("pinned", printable(because)));
        row.put("server", printable(backup.server()));
        row.put("tables", backup.tables());
        row.put("rows", backup.rows());
        row.put("bytes", backup.bytes());
        return row;
    }

    /// PostgreSQL keeps no NUL, and tags may be anybody's.
    private static String printable(String text) {
        return text.replace("\0", "");
    }

    private static Listing listing(RowView row) {
        return new Listing(
                new RepositoryName(row.getColumn(1, String.class)),
                row.getColumn(2, Instant.class),
                Optional.ofNullable(row.getColumn(3, Instant.class)),
                Optional.ofNullable(row.getColumn(4, String.class))
                        .map(code -> new Listing.Trouble(code, row.getColumn(5, String.class))),
                row.getColumn(6, Long.class),
                Optional.ofNullable(row.getColumn(7, Instant.class)));
    }

    private static ListedBackup backup(RowView row) {
        return new ListedBackup(
                new BackupId(row.getColumn(1, String.class)),
                row.getColumn(2, String.class),
                new RepositoryName(row.getColumn(3, String.class)),
                new DatabaseName(row.getColumn(4, String.class)),
                row.getColumn(5, Instant.class),
                Optional.ofNullable(row.getColumn(6, Instant.class)),
                Optional.ofNullable(row.getColumn(7, String.class)),
                row.getColumn(8, String.class),
                row.getColumn(9, Integer.class),
                row.getColumn(10, Long.class),
                row.getColumn(11, Long.class));
    }
}
