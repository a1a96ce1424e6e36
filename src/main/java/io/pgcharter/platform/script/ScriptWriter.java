package io.pgcharter.platform.script;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.SqlScript;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.pgcodekeeper.core.api.PgCodeKeeperApi;
import org.pgcodekeeper.core.ignorelist.IgnoreSchemaList;
import org.pgcodekeeper.core.loader.DatabaseLoader;
import org.pgcodekeeper.core.loader.FullAnalyze;
import org.pgcodekeeper.core.loader.LoaderFactory;
import org.pgcodekeeper.core.model.difftree.DbObjType;
import org.pgcodekeeper.core.monitor.NullMonitor;
import org.pgcodekeeper.core.schema.AbstractDatabase;
import org.pgcodekeeper.core.settings.CoreSettings;

/// Writes the statements that change one schema into another, in an order that their dependencies allow, by the
/// library pgcodekeeper (<https://github.com/pgcodekeeper/pgcodekeeper-core>). What it writes is a proposal: it has
/// gaps, and whoever uses it proves it first. User mappings, which hold passwords, are left out.
public final class ScriptWriter {
    /// What 13.1 writes for an event trigger that is no longer disabled.
    private static final Pattern ENABLED_AGAIN = Pattern.compile("^(ALTER EVENT TRIGGER .*) null;$");

    private ScriptWriter() {}

    /// A schema as the library has read it.
    public static final class Schema {
        private final AbstractDatabase database;
        private final List<String> notUnderstood;

        private Schema(AbstractDatabase database, List<String> notUnderstood) {
            this.database = database;
            this.notUnderstood = List.copyOf(notUnderstood);
        }

        /// What the library says of definitions that it could not read; scripts are silent of them.
        public List<String> notUnderstood() {
            return notUnderstood;
        }
    }

    /// Reads a database's schema in one read-only transaction.
    ///
    /// @throws ProblemException `SERVER_UNREACHABLE`; `CANCELLED` if the thread is interrupted
    public static Schema read(PostgresUrl url) {
        try {
            DatabaseLoader loader = LoaderFactory.createJdbcLoader(
                    settings(), "UTC", new Connector(url), new NullMonitor(), new IgnoreSchemaList());
            AbstractDatabase database = loader.load();
            FullAnalyze.fullAnalyze(database, loader.getErrors());
            return new Schema(
                    database, loader.getErrors().stream().map(String::valueOf).toList());
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.SERVER_UNREACHABLE,
                            "the schema of '" + url + "' cannot be read for a script",
                            String.valueOf(e.getMessage()),
                            "see that the server runs, then run it again"),
                    e);
        } catch (InterruptedException _) {
            throw stopped();
        }
    }

    /// The statements that make `before` into `after`, in order, each with its semicolon.
    public static List<String> between(Schema before, Schema after) {
        try {
            return SqlScript.statements(PgCodeKeeperApi.diff(settings(), before.database, after.database)).stream()
                    .map(SqlScript.Statement::text)
                    // Whoever carries it out has settings of his own.
                    .filter(statement -> !statement.startsWith("SET "))
                    .map(statement -> ENABLED_AGAIN.matcher(statement).replaceFirst("$1 ENABLE;"))
                    .toList();
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.STATEMENT_FAILED,
                            "no script could be written",
                            String.valueOf(e.getMessage()),
                            "pgcharter schema diff, without --script, shows what differs"),
                    e);
        } catch (InterruptedException _) {
            throw stopped();
        }
    }

    private static CoreSettings settings() {
        CoreSettings settings = new CoreSettings();
        settings.setTimeZone("UTC");
        settings.setIgnoreColumnOrder(true);
        settings.setKeepNewlines(true);
        // Bodies are not checked when a function is made; what they read may come later, even in a ring.
        settings.setEnableFunctionBodiesDependencies(false);
        settings.setAllowedTypes(Arrays.stream(DbObjType.values())
                .filter(type -> type != DbObjType.USER_MAPPING)
                .toList());
        return settings;
    }

    private static ProblemException stopped() {
        Thread.currentThread().interrupt();
        return new ProblemException(
                ProblemCode.CANCELLED, "the comparison was stopped", "the run was cancelled", "run it again");
    }
}
