package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Linter;
import io.pgcharter.policy.lint.rule.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// The rules' part of docs/lint.md is made of their cards. `MANUAL_WRITE=1` writes it.
class LintPageTest {
    private static final Path PAGE = Path.of("docs", "lint.md");
    private static final String MARK = "<!-- rules -->\n";

    @Test
    void the_manual_shows_each_rule_as_its_card_has_it() throws IOException {
        String page = Files.readString(PAGE);
        String head = page.substring(0, page.indexOf(MARK) + MARK.length());

        String wanted = head + rules();
        if (System.getenv("MANUAL_WRITE") != null) {
            Files.writeString(PAGE, wanted);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(wanted);
    }

    private static String rules() {
        StringBuilder text = new StringBuilder("\n| rule | severity | finds |\n|---|---|---|\n");
        for (Card card : Linter.cards(Rules.all())) {
            text.append("| [`")
                    .append(card.name())
                    .append("`](#")
                    .append(card.name())
                    .append(") | ")
                    .append(card.severity().name().toLowerCase(Locale.ROOT))
                    .append(" | ")
                    .append(card.detects())
                    .append(" |\n");
        }
        for (Card card : Linter.cards(Rules.all())) {
            text.append("\n### ")
                    .append(card.name())
                    .append("\n")
                    .append(card.why())
                    .append(" Safe: ")
                    .append(card.safeWay())
                    .append("\n\n```sql\n-- found\n")
                    .append(card.bad())
                    .append("\n-- not found\n")
                    .append(card.good())
                    .append("```\n");
        }
        return text.toString();
    }
}
