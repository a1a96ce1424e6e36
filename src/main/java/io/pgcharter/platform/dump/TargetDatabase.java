package io.pgcharter.platform.dump;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.platform.postgres.SqlScript;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/// The database a dump is loaded into, and what keeps a half-loaded one from being taken for a whole one.
///
/// Loaded in place, a database carries the schema [#MARKER] from before its first object until after its last: a
/// run that was killed leaves the marker, and the next run may wipe what carries it, for the database was empty
/// when the marker came. Loaded aside, a new database has the marker's name in its own until it is renamed.
public final class TargetDatabase {
    /// Schema of a half-loaded database, and part of the name of a half-loaded new one.
    static final String MARKER = "pgcharter_incomplete";

    /// A database that every server has, for work on others.
    private static final String MAINTENANCE = "postgres";

    /// Objects dropped in one transaction: each needs a lock, and a server has room for some 6,400.
    private static final int DROP_BATCH = 500;

    private static final String USER_SCHEMAS =
            "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'";

    private static final String PUBLIC_RIGHTS = """
            SELECT 'ALTER SCHEMA public OWNER TO ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(n.nspowner))
            FROM pg_catalog.pg_namespace n WHERE n.nspname = 'public'
            UNION ALL
            SELECT pg_catalog.format('GRANT %s ON SCHEMA public TO %s%s', a.privilege_type,
              CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,
              CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_catalog.pg_namespace n, pg_catalog.aclexplode(n.nspacl) a
            WHERE n.nspname = 'public' AND a.grantee <> n.nspowner""";

    private final PostgresUrl url;

    public TargetDatabase(PostgresUrl url) {
        this.url = url;
    }

    private static Session open(PostgresUrl url) {
        Session session = Session.open(url, "restore");
        try {
            SessionSettings.administrator(session);
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /// Makes the database ready to be loaded in place, and marks it.
    ///
    /// @throws ProblemException `TARGET_NOT_EMPTY` naming what is there; nothing is changed then
    public void beginInPlace(RunId run) {
        try (Session session = open(url)) {
            if (isMarked(session)) {
                wipe(session);
            }
            List<String> objects = objects(session);
            if (!objects.isEmpty()) {
                String some = objects.stream().limit(5).collect(Collectors.joining("', '", "'", "'"));
                throw new ProblemException(
                        ProblemCode.TARGET_NOT_EMPTY,
                        "database '" + url.database() + "' holds " + objects.size() + " objects: " + some
                                + (objects.size() > 5 ? ", …" : ""),
                        "a restore only goes into an empty database; nothing was changed",
                        "give --as-new-database NAME to restore beside it");
            }
            session.execute("CREATE SCHEMA " + MARKER + "; COMMENT ON SCHEMA " + MARKER + " IS "
                    + Quoting.literal(
                            "being loaded by pgcharter run " + run + "; not whole until this schema is gone"));
        }
    }

    /// Takes the mark away: the database is whole.
    public void endInPlace() {
        try (Session session = open(url)) {
            session.execute(new SourceCatalog(session).withoutEventTriggers("DROP SCHEMA " + MARKER + ";\n"));
        }
    }

    /// Creates an empty database beside this one, on the same server, with the locale of a dump's origin.
    ///
    /// @param notes takes a sentence if the locale is not to be had
    /// @return the new database, under a name that says that it is not whole
    public PostgresUrl createAside(RunId run, Manifest.Server like, List<String> notes) {
        String name = asidePrefix() + run;
        try (Session session = open(url)) {
            dropLeftovers(session);
            String create =
                    "CREATE DATABASE " + name + " TEMPLATE template0 ENCODING " + Quoting.literal(like.encoding());
            try {
                session.execute(create + " LC_COLLATE " + Quoting.literal(like.collate()) + " LC_CTYPE "
                        + Quoting.literal(like.ctype()) + provider(like));
            } catch (ProblemException e) {
                if (!isLocaleMissing(e)) {
                    throw e;
                }
                session.execute(create + " LC_COLLATE 'C' LC_CTYPE " + ctypeFor(like));
                notes.add("locale '" + like.locale().orElse(like.collate())
                        + "' is not on this server: text sorts by 'C' in the restored database");
            }
        }
        return url.withDatabase(name);
    }

    private static String provider(Manifest.Server like) {
        return like.provider()
                .map(provider -> " LOCALE_PROVIDER " + provider
                        + like.locale()
                                .map(locale -> " " + provider + "_LOCALE " + Quoting.literal(locale))
                                .orElse("")
                        + like.rules()
                                .map(rules -> " ICU_RULES " + Quoting.literal(rules))
                                .orElse(""))
                .orElse("");
    }

    /// `C.UTF-8` knows letters beyond ASCII, but only in UTF-8.
    private static String ctypeFor(Manifest.Server like) {
        return like.encoding().equals("UTF8") ? "'C.UTF-8'" : "'C'";
    }

    private static boolean isLocaleMissing(ProblemException e) {
        // An invalid name arrives as wrong_object_type (42809) or invalid_object_definition (42P17), by version; a
        // provider that the server does not know, or was not built with, as syntax error or feature_not_supported.
        String state = Session.sqlState(e.problem()).orElse("");
        return Set.of("42809", "42P17", "22023", "42601", "0A000").contains(state);
    }

    /// Names of databases made beside this one begin so, and no others: a run for another database of the server
    /// is not ours to touch.
    private String asidePrefix() {
        CRC32 checksum = new CRC32();
        checksum.update(url.database().getBytes(StandardCharsets.UTF_8));
        return MARKER + "_" + HexFormat.of().toHexDigits((int) checksum.getValue()) + "_";
    }

    /// Databases that killed runs for this database left behind. The lease on the target says that none is running.
    private void dropLeftovers(Session session) {
        for (Row row : session.query("""
                SELECT d.datname FROM pg_catalog.pg_database d WHERE d.datname ~ ('^' || $1 || '[0-9a-f]{12}(_old)?$')""", asidePrefix())) {
            session.execute("DROP DATABASE IF EXISTS " + Quoting.identifier(row.string(0)) + " WITH (FORCE)");
        }
    }

    /// Creates the roles of the dump's origin that are missing on this server. For scratch servers: elsewhere roles
    /// are not ours to make.
    public void createRoles(DumpSource source, List<String> notes) {
        execute(url, source.text(DumpFiles.ROLES), notes);
    }

    /// Gives a loaded database made by [#createAside] what the dump's origin was itself: settings, owner,
    /// privileges, comment. Comes last, for settings may make a database read-only.
    public void applySettings(PostgresUrl aside, DumpSource source, List<String> notes) {
        execute(aside, source.text(DumpFiles.DATABASE), notes);
    }

    private static void execute(PostgresUrl url, String script, List<String> notes) {
        Tolerance tolerance = new Tolerance();
        try (Session session = open(url)) {
            SessionSettings.loader(session);
            SqlScript.statements(script).forEach(statement -> tolerance.execute(session, statement));
        }
        notes.addAll(tolerance.notes());
    }

    /// A note, if the dump's origin has settings, privileges or a comment that a database loaded in place does not
    /// get.
    public static Optional<String> settingsLeftOut(DumpSource source) {
        boolean hasMoreThanAnOwner =
                SqlScript.statements(source.text(DumpFiles.DATABASE)).size() > 1;
        return hasMoreThanAnOwner
                ? Optional.of("settings, privileges and comment of the database itself were left as they are")
                : Optional.empty();
    }

    /// Drops a database made by [#createAside].
    public void dropAside(PostgresUrl aside) {
        try (Session session = open(url)) {
            session.execute("DROP DATABASE IF EXISTS " + Quoting.identifier(aside.database()) + " WITH (FORCE)");
        }
    }

    /// Gives a database made by [#createAside] its name.
    ///
    /// @throws ProblemException `TARGET_NOT_EMPTY` if there is a database of that name
    public void rename(PostgresUrl aside, String name) {
        try (Session session = open(url)) {
            requireFree(session, name);
            session.execute("ALTER DATABASE " + Quoting.identifier(aside.database()) + " RENAME TO "
                    + Quoting.identifier(name));
        }
    }

    /// @throws ProblemException `TARGET_NOT_EMPTY` if there is a database of that name on the server
    public void requireFree(String name) {
        try (Session session = open(url)) {
            requireFree(session, name);
        }
    }

    private static void requireFree(Session session, String name) {
        if (!session.query("SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", name)
                .isEmpty()) {
            throw new ProblemException(
                    ProblemCode.TARGET_NOT_EMPTY,
                    "there is a database '" + name + "' on the server",
                    "a new database must have a new name; nothing was changed",
                    "choose another name for --as-new-database");
        }
    }

    /// Puts a database made by [#createAside] in the place of this one, in one transaction; the old one is dropped
    /// after.
    ///
    /// @throws ProblemException if somebody is connected to this database; it keeps serving then
    public void replaceBy(PostgresUrl aside) {
        String old = Quoting.identifier(aside.database() + "_old");
        String current = Quoting.identifier(url.database());
        try (Session session = open(url.withDatabase(MAINTENANCE))) {
            endOwnOnlookers(session);
            requireNobodyIn(session);
            carryOver(aside);
            endOwnOnlookers(session);
            session.execute("BEGIN; ALTER DATABASE " + current + " RENAME TO " + old + "; ALTER DATABASE "
                    + Quoting.identifier(aside.database()) + " RENAME TO " + current + "; COMMIT");
            session.execute("DROP DATABASE " + old);
        }
    }

    /// Whether the server has a database of that name. Asks beside this one, which may take no connections.
    public boolean isOnServer(String name) {
        try (Session session = open(url.withDatabase(MAINTENANCE))) {
            return isThere(session, name);
        }
    }

    private static boolean isThere(Session session, String name) {
        return !session.query("SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", name)
                .isEmpty();
    }

    /// Puts a whole database that stands beside this one in its place, in one transaction, and keeps this one under
    /// another name. Whoever is connected to it is sent away and cannot come back before. Stopped halfway, it
    /// can be done again.
    ///
    /// @param aside the other's name @param kept the new name of this one
    /// @throws ProblemException if a session cannot be ended; this database serves on then
    public void exchange(String aside, String kept) {
        String current = Quoting.identifier(url.database());
        try (Session session = open(url.withDatabase(MAINTENANCE))) {
            if (isThere(session, aside)) {
                allowConnections(session, url.database(), true);
                carryOver(url.withDatabase(aside));
                allowConnections(session, url.database(), false);
                try {
                    endSessions(session, List.of(url.database(), aside));
                    session.execute("BEGIN; ALTER DATABASE " + current + " RENAME TO " + Quoting.identifier(kept)
                            + "; ALTER DATABASE " + Quoting.identifier(aside) + " RENAME TO " + current + "; COMMIT");
                } catch (ProblemException e) {
                    session.execute("ROLLBACK");
                    allowConnections(session, url.database(), true);
                    throw e;
                }
            }
            allowConnections(session, kept, true);
        }
    }

    private static void allowConnections(Session session, String database, boolean allowed) {
        session.execute("ALTER DATABASE " + Quoting.identifier(database) + " ALLOW_CONNECTIONS " + allowed);
    }

    private static void endSessions(Session session, List<String> databases) {
        for (String database : databases) {
            session.query(
                    "SELECT pg_catalog.pg_terminate_backend(pid, 5000) FROM pg_catalog.pg_stat_activity"
                            + " WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid()",
                    database);
        }
    }

    /// pgcharter's own watch stays connected to every database, and comes back by itself; it is no reason to leave
    /// one as it is. Sessions of others are not ours to end.
    private void endOwnOnlookers(Session session) {
        session.query("""
                SELECT pg_catalog.pg_terminate_backend(pid, 5000) FROM pg_catalog.pg_stat_activity
                WHERE datname = $1 AND usename = current_user AND application_name IN ('pgcharter watch', 'pgcharter checks')""", url.database());
    }

    private void requireNobodyIn(Session session) {
        Optional<Row> somebody = session.query("""
                SELECT count(*), string_agg(DISTINCT coalesce(usename, '?') || ' (' || coalesce(nullif(application_name, ''), '?') || ')', ', ')
                FROM pg_catalog.pg_stat_activity WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid()
                  AND backend_type = 'client backend'""", url.database()).stream()
                .filter(row -> row.number(0) > 0)
                .findFirst();
        if (somebody.isPresent()) {
            throw new ProblemException(
                    ProblemCode.TARGET_BUSY,
                    "database '" + url.database() + "' has " + somebody.get().number(0) + " sessions: "
                            + somebody.get().string(1),
                    "it cannot be replaced while somebody is connected; it keeps serving what it held",
                    "end those sessions, then run the command again");
        }
    }

    /// The owner, settings, privileges and comment of the database that is replaced are those of the new one.
    private void carryOver(PostgresUrl aside) {
        String script;
        try (Session session = open(url)) {
            script = new SourceCatalog(session).database();
        }
        try (Session session = open(aside)) {
            SqlScript.statements(script).forEach(statement -> session.execute(statement.text()));
        }
    }

    private static boolean isMarked(Session session) {
        return !session.query("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", MARKER)
                .isEmpty();
    }

    /// What a fresh database does not have.
    private static List<String> objects(Session session) {
        return session.query("""
                SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE %1$s AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
                UNION ALL SELECT n.nspname || '.' || p.proname || '()' FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n
                  ON n.oid = p.pronamespace WHERE %1$s AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
                UNION ALL SELECT n.nspname || '.' || t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n
                  ON n.oid = t.typnamespace WHERE %1$s AND t.typtype IN ('e', 'd') AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
                UNION ALL SELECT 'schema ' || n.nspname FROM pg_catalog.pg_namespace n WHERE %1$s AND n.nspname <> 'public'
                  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_namespace'::regclass
                  AND d.objid = n.oid AND d.deptype = 'e')
                UNION ALL SELECT 'large object ' || oid FROM pg_catalog.pg_largeobject_metadata
                ORDER BY 1""".formatted(USER_SCHEMAS)).stream()
                .map(row -> row.string(0))
                .toList();
    }

    /// Drops everything: of a database that is to be made anew. The schema `public` is there again afterwards, with
    /// the owner and the grants it had.
    ///
    /// @return how many tables there were
    public int empty() {
        try (Session session = open(url)) {
            List<String> rights = session.query(PUBLIC_RIGHTS).stream()
                    .map(row -> row.string(0))
                    .toList();
            int tables = wipe(session);
            rights.forEach(session::execute);
            return tables;
        }
    }

    /// Drops all that is there: what a killed run has loaded into a database that carries the mark, or what nobody
    /// wants any more.
    ///
    /// @return how many tables that was
    private static int wipe(Session session) {
        for (Row row : session.query("SELECT evtname FROM pg_catalog.pg_event_trigger")) {
            session.execute("DROP EVENT TRIGGER " + Quoting.identifier(row.string(0)));
        }
        for (Row row : session.query("SELECT pubname FROM pg_catalog.pg_publication")) {
            session.execute("DROP PUBLICATION " + Quoting.identifier(row.string(0)));
        }
        int tables = dropRelations(session);
        for (Row row : session.query("SELECT extname FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'")) {
            session.execute("DROP EXTENSION IF EXISTS " + Quoting.identifier(row.string(0)) + " CASCADE");
        }
        session.query("SELECT count(pg_catalog.lo_unlink(oid)) FROM pg_catalog.pg_largeobject_metadata");
        for (Row row : session.query("SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE " + USER_SCHEMAS
                + " ORDER BY n.nspname = '" + MARKER + "'")) {
            String schema = Quoting.identifier(row.string(0));
            session.execute("DROP SCHEMA " + schema + " CASCADE");
            if (row.string(0).equals("public")) {
                session.execute("CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC");
            }
        }
        return tables;
    }

    private static int dropRelations(Session session) {
        List<String> tables = new ArrayList<>();
        for (Row row : session.query(
                "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE c.relkind IN ('r', 'p') AND " + USER_SCHEMAS)) {
            tables.add(Quoting.identifier(row.string(0)) + "." + Quoting.identifier(row.string(1)));
        }
        for (int from = 0; from < tables.size(); from += DROP_BATCH) {
            session.execute("DROP TABLE IF EXISTS "
                    + String.join(", ", tables.subList(from, Math.min(from + DROP_BATCH, tables.size()))) + " CASCADE");
        }
        return tables.size();
    }
}
