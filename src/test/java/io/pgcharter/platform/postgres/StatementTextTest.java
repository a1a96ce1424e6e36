package io.pgcharter.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select * from cards where number = '4242 4242' | select * from cards where number = ?",
                "select 'it''s', \"a'b\", 1.5e-3, .5, 0x1F, a1, $1 | select ?, \"a'b\", ?, ?, ?, a1, $1",
                "select E'a\\'secret', 'b' | select ?, ?",
                "select B'01', x'ff', n'c', name'd' | select ?, ?, ?, name?",
                "select 'a\\', 'secret' | select ?",
                "select $$secret$$, $a$ $$x$$ secret $a$, 1 | select ?, ?, ?",
                "select $tag$secret | select ?",
                "select 'secret cut off | select ?",
                "select /* secret /* two */ */ 1 -- secret | select ?",
                "update t set a=-5 where b>=10 | update t set a=-? where b>=?",
                "select größe from t where i=7 | select größe from t where i=?",
            })
    void literals_and_comments_are_not_shown(String sql, String shown) {
        assertThat(StatementText.withoutLiterals(sql)).isEqualTo(shown);
    }

    @Test
    void white_space_is_one_blank() {
        assertThat(StatementText.withoutLiterals("  select\n\t1 ,\r\n 2")).isEqualTo("select ? , ?");
    }

    @Property
    void whatever_a_quoted_literal_holds_is_not_shown(
            @ForAll @StringLength(max = 8) @CharRange(from = 'p', to = 'z') String secret,
            @ForAll @StringLength(max = 4) String around) {
        String inside =
                (around + secret + around).replace("\\", "").replace("'", "''").replace("\0", "");

        assertThat(StatementText.withoutLiterals("SELECT '" + inside + "', '" + inside + "'"))
                .isEqualTo("SELECT ?, ?");
    }

    @Property
    void no_text_makes_it_fail(@ForAll String text) {
        assertThat(StatementText.withoutLiterals(text)).doesNotContain("\n");
    }
}
