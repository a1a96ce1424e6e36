package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.postgres.PostgresUrl;
import java.util.List;

/// A database on a scratch server that holds all that a backup holds: rows, schema, roles, settings.
public final class ScratchCopy {
    private ScratchCopy() {}

    /// @param server the superuser's, of a server that is ours alone: roles are made on it
    /// @param jobs sessions that load in parallel
    /// @param notes takes what could not be as it was, a sentence each
    /// @return the superuser's URL of the new database
    public static PostgresUrl load(PostgresUrl server, RepositorySource source, int jobs, Run run, List<String> notes) {
        TargetDatabase target = new TargetDatabase(server);
        PostgresUrl url = target.createAside(run.id(), source.manifest().server(), notes);
        target.createRoles(source, notes);
        notes.addAll(
                new Loader(source, url, jobs, run).load(Selection.everything()).notes());
        target.applySettings(url, source, notes);
        return url;
    }
}
