package io.pgcharter.platform.state;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/// Brings the control database's own tables up to date: numbered scripts, each applied once, in order.
final class SchemaVersions {
    /// Version n is made by the n-th script. A script that was released is never edited.
    static final List<String> SCRIPTS = List.of(
            "001-engine.sql",
            "002-journal.sql",
            "003-checkpoint-peaks.sql",
            "004-pack-reading.sql",
            "005-run-history.sql",
            "006-schedule.sql",
            "007-check.sql",
            "008-metric.sql",
            "009-alert.sql",
            "010-access.sql",
            "011-inventory.sql",
            "012-counter-events.sql",
            "013-history.sql",
            "014-rehearsal.sql",
            "015-release.sql",
            "016-release-evidence.sql");

    /// Held while scripts are applied, so that two nodes that start together do not both.
    private static final long ADVISORY_LOCK = 0x70676368_61727465L;

    private SchemaVersions() {}

    static void bringUpToDate(Jdbi jdbi) {
        bringUpTo(jdbi, SCRIPTS.size());
    }

    /// @param wanted number of scripts that are to be applied
    /// @throws ProblemException `STATE_UNAVAILABLE` if the database is newer than this program
    static void bringUpTo(Jdbi jdbi, int wanted) {
        try {
            jdbi.useTransaction(handle -> {
                handle.execute("SELECT pg_advisory_xact_lock(?)", ADVISORY_LOCK);
                int version = version(handle);
                if (version > SCRIPTS.size()) {
                    throw new ProblemException(
                            ProblemCode.STATE_UNAVAILABLE,
                            "the control database has schema version " + version + ", this pgcharter knows "
                                    + SCRIPTS.size(),
                            "a newer pgcharter has used it",
                            "use that version of pgcharter");
                }
                for (int next = version + 1; next <= wanted; next++) {
                    apply(handle, script(next));
                    handle.execute(
                            "INSERT INTO pgcharter.schema_version (version, applied_at) VALUES (?, now())", next);
                }
            });
        } catch (JdbiException | SQLException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.STATE_UNAVAILABLE,
                            "the control database's tables cannot be brought up to date",
                            String.valueOf(e.getMessage()),
                            "see that its role may create a schema there"),
                    e);
        }
    }

    /// The server splits the script, for it alone knows where a function's body ends.
    private static void apply(Handle handle, String script) throws SQLException {
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.execute(script);
        }
    }

    private static int version(Handle handle) {
        boolean exists = handle.createQuery("SELECT to_regclass('pgcharter.schema_version') IS NOT NULL")
                .mapTo(Boolean.class)
                .one();
        if (!exists) {
            handle.execute("CREATE SCHEMA IF NOT EXISTS pgcharter");
            handle.execute(
                    "CREATE TABLE pgcharter.schema_version (version int PRIMARY KEY, applied_at timestamptz NOT NULL)");
        }
        return handle.createQuery("SELECT coalesce(max(version), 0) FROM pgcharter.schema_version")
                .mapTo(Integer.class)
                .one();
    }

    private static String script(int version) {
        String name = SCRIPTS.get(version - 1);
        try (InputStream in = SchemaVersions.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("script '" + name + "' is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("script '" + name + "' cannot be read", e);
        }
    }
}
