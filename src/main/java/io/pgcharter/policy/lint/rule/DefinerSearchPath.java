package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.model.sql.Node;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A SECURITY DEFINER function without a search_path of its own.
final class DefinerSearchPath implements Rule {
    private static final Card CARD = new Card(
            "definer-search-path",
            Severity.ERROR,
            "a SECURITY DEFINER function without a search_path of its own",
            "Whoever calls it puts a table or function of the same name in front, and it runs with "
                    + "the owner's rights.",
            "SET search_path = pg_catalog, pg_temp on the function, and names with schemas in it.",
            """
            CREATE FUNCTION wipe() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM parts WHERE id = 1';
            """,
            """
            CREATE FUNCTION wipe() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'DELETE FROM public.parts WHERE id = 1';
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        if (!at.is("CreateFunctionStmt")) {
            return List.of();
        }
        List<Node> options = at.node().list("options");
        boolean definer = options.stream()
                .anyMatch(option -> option.text("defname").equals("security")
                        && option.child("arg").flag("boolval"));
        boolean fixed = options.stream()
                .anyMatch(option -> option.text("defname").equals("set")
                        && option.child("arg").text("name").equals("search_path"));
        return at.when(definer && !fixed, "whoever calls it chooses what its names mean");
    }
}
