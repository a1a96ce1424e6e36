package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoQuoteTest {
    @Property(tries = 500)
    void any_name_reads_back_as_it_was(@ForAll String text) {
        // Half a surrogate pair is no text in UTF-8.
        String name = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertThat(GoQuote.unquote(GoQuote.quote(name))).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "plain, plain",
                "a\\\"b, a\"b",
                "a\\\\b, a\\b",
                "\\u00e9\\U0001f4b6, é💶",
                "\\x41\\102, AB",
                "\\xc3\\xa9, é",
                "it's, it's",
            })
    void what_go_writes_is_understood(String quoted, String name) {
        assertThat(GoQuote.unquote(quoted)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\", "a\\q", "\\x4", "\\xzz", "\\u12", "\\Uffffffff", "\\9"})
    void what_go_never_writes_is_refused(String quoted) {
        assertThatThrownBy(() -> GoQuote.unquote(quoted)).isInstanceOf(IllegalArgumentException.class);
    }
}
