package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import io.pgcharter.policy.lint.SqlFile;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A name of more than 63 bytes.
final class IdentifierTooLong implements Rule {
    private static final Card CARD = new Card(
            "identifier-too-long",
            Severity.ERROR,
            "a name of more than 63 bytes",
            "PostgreSQL cuts it without an error: two names may become one.",
            "A shorter name.",
            """
            CREATE INDEX CONCURRENTLY parts_by_the_name_of_the_country_of_the_maker_of_the_first_delivery ON parts (name);
            """,
            """
            CREATE INDEX CONCURRENTLY parts_by_country ON parts (name);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.file()
                .allWords()
                .filter(word -> word.kind().equals("IDENT"))
                .filter(word -> word.span().start() >= at.statement().span().start()
                        && word.span().end() <= at.statement().span().end())
                .map(word -> word.span().of(at.file().text()))
                .filter(word ->
                        word.replaceAll("^\"|\"$", "").getBytes(StandardCharsets.UTF_8).length > SqlFile.WORD_MOST)
                .map(word -> at.hit("PostgreSQL cuts " + word + " after 63 bytes"))
                .toList();
    }
}
