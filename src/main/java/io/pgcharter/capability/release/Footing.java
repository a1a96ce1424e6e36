package io.pgcharter.capability.release;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Pin;
import io.pgcharter.model.migration.Release;
import io.pgcharter.model.migration.Release.Content;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.history.History;
import io.pgcharter.platform.layout.Layouts;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.charter.ReleasePlan;
import io.pgcharter.policy.migration.Ledger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a release to one database stands on: the charter's words, the files, where the history is.
///
/// @param repository of the backup behind it
record Footing(
        DatabaseName database, Migrations migrations, ReleasePlan plan, PostgresUrl url, RepositoryName repository) {

    /// A session for catalogs, history and statistics.
    Session open() {
        return open(url);
    }

    static Session open(PostgresUrl url) {
        Session session = Session.open(url, "release");
        session.execute("set statement_timeout = '30s'; set lock_timeout = '10s'; set datestyle = 'ISO'");
        return session;
    }

    History history() {
        return History.of(migrations.layout(), migrations.schema());
    }

    List<Migration> disk() {
        return Layouts.read(migrations.layout(), Path.of(migrations.path()), SqlParser.BYTES_MOST);
    }

    Ledger ledger(Session session) {
        return Ledger.of(disk(), history().read(session));
    }

    /// The catalog's fingerprint, but for the table of the history: it may not have been there before.
    String fingerprint(PostgresUrl of) {
        try (Session session = open(of)) {
            return history().without(CatalogReader.read(session)).fingerprint();
        }
    }

    /// Whether the live catalog is the one that a rehearsal saw, whether or not that kept a history.
    boolean isAsRehearsed(Catalog catalog, String rehearsed) {
        return catalog.fingerprint().equals(rehearsed)
                || history().without(catalog).fingerprint().equals(rehearsed);
    }

    /// @throws ProblemException `RELEASE_CHANGED` naming the migrations of the release whose files are others now
    void requireUnchanged(Release release) {
        Map<String, Migration> files = disk().stream().collect(Collectors.toMap(Migration::name, Function.identity()));
        List<String> changed = release.migrations().stream()
                .filter(content -> !files.containsKey(content.name())
                        || !Pin.of(List.of(files.get(content.name()))).equals(content.pin()))
                .map(Content::name)
                .toList();
        if (!changed.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.RELEASE_CHANGED,
                    "release " + release.id() + " of '" + database + "' cannot go on: changed since it began: "
                            + String.join(", ", changed),
                    "what is released is what was rehearsed, to the letter",
                    "bring the files back as they were, then: pgcharter release " + database
                            + "; or see to the database yourself: pgcharter release " + database + " --abandon");
        }
    }
}
