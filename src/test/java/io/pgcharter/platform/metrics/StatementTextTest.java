package io.pgcharter.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// No value of a user gets out with a statement's text.
class StatementTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select * from t where a = $1 and \"B 2\" = $2 | select * from t where a = $1 and \"B 2\" = $2",
                "select 'secret', 42, 1.5e-3, col1 from t2 | select ?, ?, ?, col1 from t2",
                "select E'it\\'s', 'it''s' , $$ body $$, $x$ 'a' $x$ | select ?, ? , ?, ?",
                "insert into t values ('open | insert into t values (?",
                "ALTER ROLE app PASSWORD 'hunter2' | ALTER ROLE …",
                "COPY t FROM '/secret/place' | COPY t …",
                "(select 1) union (select 2) | (select ?) union (select ?)",
                "set app.token to 'x' | set app.token …"
            })
    void values_become_question_marks(String statement, String shown) {
        assertThat(StatementText.withoutValues(statement)).isEqualTo(shown);
    }

    @Test
    void a_long_text_is_cut_and_an_empty_one_stays_empty() {
        assertThat(StatementText.withoutValues("select " + "a, ".repeat(2_000) + "b"))
                .hasSize(StatementText.LENGTH_MAX + 1)
                .endsWith("…");
        assertThat(StatementText.withoutValues("")).isEmpty();
        assertThat(StatementText.withoutValues("select 1 -- card 4111\n from t /* x 'y' */ where b"))
                .isEqualTo("select ? from t where b");
        assertThat(StatementText.withoutValues("$")).isEqualTo("$");
    }
}
