package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.ArrayList;
import java.util.List;

/// A GRANT of more than the charter says that a role may hold.
final class GrantBeyondRoles implements Rule {
    private static final Card CARD = new Card(
            "grant-beyond-roles",
            Severity.ERROR,
            "GRANT of more than the charter's `roles` let a role hold, or to a role that they do not name",
            "Who reads the charter believes that the role cannot do it.",
            "Grant less; or let the role hold it in the charter, in the same change.",
            """
            GRANT SELECT, DELETE ON parts TO reader;
            """,
            """
            GRANT SELECT ON parts TO reader;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        List<Hit> hits = new ArrayList<>();
        for (DatabaseName database : at.wishes().demands().ruled()) {
            new Granted(at.wishes().demands().roles(), database)
                    .tooWide(at.node())
                    .forEach(wide -> hits.add(at.hit(wide)));
        }
        return hits;
    }
}
