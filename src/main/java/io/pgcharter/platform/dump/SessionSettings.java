package io.pgcharter.platform.dump;

import io.pgcharter.platform.postgres.Session;

/// The settings under which rows are written as text and read again: pinned, so that a value has one text whatever
/// the server, role or database is set to.
public final class SessionSettings {
    /// How long to wait for a lock before giving up: the source's users come first.
    private static final String LOCK_TIMEOUT = "30s";

    /// The longest one part of a table may take to be read.
    private static final String READ_TIMEOUT = "2h";

    static final String PINNED = """
            SET extra_float_digits = 3; SET bytea_output = 'hex'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';
            SET TimeZone = 'UTC'; SET lc_monetary = 'C'; SET xmloption = 'content'; SET standard_conforming_strings = on;
            SET search_path = ''; SET row_security = off; SET synchronize_seqscans = off; SET quote_all_identifiers = off;
            """;

    /// Limits that are set for applications, and fit none of our work. The check for a client that is gone ends a long
    /// statement (an index, a wait for a lock) soon after we were killed; not every system can do it.
    private static final String UNLIMITED = """
            SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0;
            SELECT pg_catalog.set_config('transaction_timeout', '0', false)
              WHERE pg_catalog.current_setting('server_version_num')::int >= 170000;
            SELECT pg_catalog.set_config('client_connection_check_interval', '5s', false) WHERE pg_catalog.version() ~ 'linux';
            """;

    private SessionSettings() {}

    /// For a session that reads a source.
    static void reader(Session session) {
        session.limitSilence();
        encoding(session);
        session.execute(PINNED + UNLIMITED + "SET lock_timeout = '" + LOCK_TIMEOUT + "'; SET statement_timeout = '"
                + READ_TIMEOUT + "';");
    }

    /// For a session that loads a target. Building an index may take as long as it takes.
    static void loader(Session session) {
        encoding(session);
        session.execute(
                PINNED + UNLIMITED + "SET lock_timeout = '" + LOCK_TIMEOUT + "'; SET statement_timeout = 0; "
                        + "SET check_function_bodies = off; "
                        + "SET client_min_messages = warning; SET synchronous_commit = off; SET maintenance_work_mem = '256MB';");
    }

    /// For a session that makes, marks, renames or drops databases: as patient as a loader.
    static void administrator(Session session) {
        session.execute(UNLIMITED + "SET lock_timeout = '" + LOCK_TIMEOUT + "'; SET statement_timeout = 0;");
    }

    /// A database in SQL_ASCII holds bytes of no known encoding: they travel as they are.
    private static void encoding(Session session) {
        if (session.parameter("server_encoding").equals("SQL_ASCII")) {
            session.execute("SET client_encoding = 'SQL_ASCII'");
        }
    }
}
