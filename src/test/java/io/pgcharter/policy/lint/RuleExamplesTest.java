package io.pgcharter.policy.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.migration.Layout;
import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.policy.lint.rule.Rules;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The examples on the rules' cards, which the manual shows too.
class RuleExamplesTest {
    /// What docs/lint.md says of the charter that the examples are judged by.
    private static final Wishes WISHES = new Wishes(15, Layout.PLAIN, Limits.NONE, Map.of(), Linted.demands("""
                    lint: { row-level-security: [guarded], names: [plain, with-schema] }
                    classification:
                      shop.*.id: { class: internal }
                      shop.*.name: { class: public }
                    roles:
                      reader: { grants: { tables: { shop.*: [select] } } }
                    """));

    static Stream<Card> cards() {
        return Linter.cards(Rules.all()).stream();
    }

    @ParameterizedTest
    @MethodSource("cards")
    void a_rule_speaks_of_its_bad_example_and_not_of_its_good_one(Card card) {
        assertThat(Linted.findings(WISHES, Card.files(card.bad())))
                .extracting(LintFinding::rule)
                .contains(card.name());
        assertThat(Linted.findings(WISHES, Card.files(card.good())))
                .extracting(LintFinding::rule)
                .doesNotContain(card.name(), "syntax-error");
    }

    @Test
    void each_rule_has_a_name_of_its_own() {
        assertThat(cards().map(Card::name)).doesNotHaveDuplicates().hasSizeGreaterThan(58);
    }
}
