package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.charter.LintPlan.Names;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// A new name that has to be written in quotes, where the charter wants plain ones.
final class NameNeedsQuotes implements Rule {
    private static final Card CARD = new Card(
            "name-needs-quotes",
            Severity.WARNING,
            "a new name that has to be written in quotes, where the charter wants plain ones (`names`)",
            "Who forgets the quotes once gets an error, or another object of the same letters.",
            "Small letters, digits and _, and no reserved word.",
            """
            CREATE TABLE guarded."Parts" (id bigint PRIMARY KEY);
            """,
            """
            CREATE TABLE guarded.parts (id bigint PRIMARY KEY);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        if (!at.wishes().demands().names().contains(Names.PLAIN)) {
            return List.of();
        }
        return NewName.of(at).stream()
                .filter(name -> !PLAIN.matcher(name.text()).matches() || RESERVED.contains(name.text()))
                .map(name -> at.hit(name.node(), "\"" + name.text() + "\" has to be written in quotes"))
                .toList();
    }

    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

    /// PostgreSQL's reserved words (`RESERVED_KEYWORD` in `kwlist.h`).
    private static final Set<String> RESERVED = Set.of(
            ("all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create"
                            + " current_catalog current_date current_role current_time current_timestamp current_user"
                            + " default deferrable desc distinct do else end except false fetch for foreign from grant"
                            + " group having in initially intersect into lateral leading limit localtime localtimestamp"
                            + " not null offset on only or order placing primary references returning select"
                            + " session_user some symmetric system_user table then to trailing true union unique user"
                            + " using variadic when where window with")
                    .split(" "));
}
