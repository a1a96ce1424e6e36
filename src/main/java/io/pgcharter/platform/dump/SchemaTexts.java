package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.definition.Definitions;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.SchemaDump;
import io.pgcharter.platform.postgres.SchemaDump.Section;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.SqlScript;
import io.pgcharter.platform.sandbox.Sandboxes;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Writes a source's schema down, as of its snapshot: by the machine's `pg_dump` where there is one that is new
/// enough, else by [Definitions], which prove themselves on a scratch server of the source's version. Thread-safe.
public final class SchemaTexts {
    /// What a manifest calls [Definitions].
    private static final String OURS = "pgcharter";

    private final SchemaDump schemaDump;
    private final Sandboxes sandboxes;

    public SchemaTexts(SchemaDump schemaDump, Sandboxes sandboxes) {
        this.schemaDump = schemaDump;
        this.sandboxes = sandboxes;
    }

    /// @param preData, postData see [DumpFiles]
    /// @param writer who wrote them: `pg_dump 15`, `pgcharter`
    /// @param notes what they do not hold
    record Written(String preData, String postData, String writer, List<String> notes) {
        Written {
            notes = List.copyOf(notes);
        }
    }

    /// @param roles makes the source's roles
    /// @throws ProblemException `PROGRAM_MISSING` if this machine has neither; `SCHEMA_UNPROVEN`, `TABLE_CHANGED`
    Written write(SourceSnapshot snapshot, PostgresUrl url, Manifest.Server server, String roles, Run run) {
        OptionalInt major = schemaDump.majorFor(server.major());
        return major.isPresent()
                ? dumped(snapshot, url, server.major(), major.getAsInt(), run)
                : own(snapshot, url, server, roles, run);
    }

    private Written dumped(SourceSnapshot snapshot, PostgresUrl url, int serverMajor, int dumpMajor, Run run) {
        SchemaDump heeding = schemaDump.heeding(run::check);
        try (ExecutorService dumps = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> preData =
                    dumps.submit(() -> heeding.section(url, serverMajor, snapshot.id(), Section.PRE_DATA));
            Future<String> postData =
                    dumps.submit(() -> heeding.section(url, serverMajor, snapshot.id(), Section.POST_DATA));
            return new Written(script(preData), script(postData), "pg_dump " + dumpMajor, List.of());
        }
    }

    private static String script(Future<String> dump) {
        try {
            return dump.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("the schema could not be dumped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the schema was dumped", e);
        }
    }

    private Written own(SourceSnapshot snapshot, PostgresUrl url, Manifest.Server server, String roles, Run run) {
        try (Run.Step _ = run.begin("writing the schema, proven on a scratch server", 0, Run.Unit.ITEMS);
                Sandboxes.Sandbox sandbox = sandboxes.start(server.major())) {
            if (sandbox.major() != server.major()) {
                throw new ProblemException(
                        ProblemCode.PROGRAM_MISSING,
                        "there is neither a pg_dump nor a server of PostgreSQL " + server.major() + " on this machine",
                        "a schema is written by the one, or proven on the other; the nearest server is of version "
                                + sandbox.major(),
                        "apt install postgresql-client-" + server.major());
            }
            Definitions definitions = Definitions.read(snapshot.session());
            try (Session now = Session.open(url, "definitions")) {
                SessionSettings.reader(now);
                definitions.requireUnchanged(now);
            }
            Definitions.Script script = definitions.proven(scratch(sandbox, server, roles), run);
            return new Written(script.preData(), script.postData(), OURS, script.notes());
        }
    }

    /// An empty database like the source, beside all of its roles.
    private static PostgresUrl scratch(Sandboxes.Sandbox sandbox, Manifest.Server server, String roles) {
        Tolerance tolerance = new Tolerance();
        try (Session session = Session.open(sandbox.url(), "definitions")) {
            SqlScript.statements(roles).forEach(statement -> tolerance.execute(session, statement));
            session.execute("CREATE DATABASE scratch TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING "
                    + Quoting.literal(server.encoding()));
        }
        return sandbox.url().withDatabase("scratch");
    }
}
