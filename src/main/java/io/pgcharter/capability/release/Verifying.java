package io.pgcharter.capability.release;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.migration.Release;
import io.pgcharter.model.migration.Release.Content;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.Difference.Attribute;
import io.pgcharter.model.schema.Difference.Change;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.dump.SmokeTest;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.state.Rehearsals;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.migration.Ledger;
import io.pgcharter.policy.migration.Ledger.Standing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Looks whether a database is what the rehearsal said it would be: its history, its catalog, its smoke queries.
final class Verifying {
    /// So many objects that differ are named.
    private static final int NAMED_MOST = 5;

    private final Charter charter;
    private final Footing footing;
    private final Rehearsals rehearsals;

    Verifying(Charter charter, Footing footing, Rehearsals rehearsals) {
        this.charter = charter;
        this.footing = footing;
        this.rehearsals = rehearsals;
    }

    /// @throws ProblemException `PROOF_FAILED` naming what is not so
    Ended verify(Release release, Run run) {
        DatabaseName database = footing.database();
        try (Session session = footing.open()) {
            requireHistory(release, footing.ledger(session));
            Catalog catalog = CatalogReader.read(session);
            if (!footing.isAsRehearsed(catalog, release.after())) {
                throw new ProblemException(
                        ProblemCode.PROOF_FAILED,
                        "the catalog of '" + database + "' is not the one that the rehearsal ended with",
                        differences(release, catalog)
                                + ". The same migrations made something else of it: something was changed meanwhile, or"
                                + " a migration goes by what it finds",
                        "pgcharter schema drift " + database + " shows what is other than its migrations make it");
            }
        }
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("catalog", "as rehearsed: " + release.after().substring(0, 12));
        int queries = new SmokeTest(footing.url(), "after the release")
                .run(charter.smoke(database), run)
                .size();
        evidence.put("smoke queries", queries + " hold");
        return Ended.done(evidence);
    }

    private void requireHistory(Release release, Ledger ledger) {
        List<String> lacking = release.migrations().stream()
                .map(Content::name)
                .filter(name -> ledger.entry(name)
                        .filter(entry -> entry.standing() == Standing.APPLIED || entry.standing() == Standing.BASELINED)
                        .isEmpty())
                .toList();
        if (!lacking.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.PROOF_FAILED,
                    "'" + footing.database() + "' does not have " + String.join(", ", lacking),
                    "its history does not say so",
                    "pgcharter migrate status " + footing.database());
        }
    }

    private String differences(Release release, Catalog live) {
        return rehearsals
                .made(footing.database(), release.pin(), release.after())
                .map(made -> Difference.between(
                                made, footing.history().without(live).digested())
                        .changes())
                .filter(changes -> !changes.isEmpty())
                .map(Verifying::told)
                .orElse("what differs is not known: the rehearsal's catalog is not kept any more");
    }

    private static String told(List<Change> changes) {
        String named = changes.stream().limit(NAMED_MOST).map(Verifying::told).collect(Collectors.joining("; "));
        int others = changes.size() - NAMED_MOST;
        return others > 0 ? named + "; and " + others + " more" : named;
    }

    private static String told(Change change) {
        return switch (change.how()) {
            case ADDED -> change.name() + " is there and was not in the rehearsal";
            case REMOVED -> change.name() + " is missing";
            case CHANGED ->
                change.name() + " differs in "
                        + change.attributes().stream().map(Attribute::name).collect(Collectors.joining(", "));
        };
    }
}
