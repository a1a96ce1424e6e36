package io.pgcharter.entry.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Contrast of the style sheet's colours, as WCAG 2.2 computes it (1.4.3: text 4.5, 1.4.11: what is no text 3).
class PagesColoursTest {
    private static final Pattern TOKEN = Pattern.compile("--([a-z-]+):\\s*#([0-9a-f]{6});");

    private final String css = new String(
            new Assets().find(new Assets().address("app.css")).orElseThrow().content(), StandardCharsets.UTF_8);

    @Test
    void text_can_be_read_in_light_and_in_dark() {
        for (Map<String, String> theme : List.of(theme(":root {"), theme(":root[data-theme=\"dark\"] {"))) {
            for (String ground : List.of("paper", "surface", "sunken")) {
                for (String text : List.of("ink", "ink-soft")) {
                    reads(theme, text, ground, 4.5);
                }
            }
            for (String text : List.of("accent", "ok", "warn", "crit", "unknown")) {
                reads(theme, text, "paper", 4.5);
                reads(theme, text, "surface", 4.5);
                reads(theme, text, text + "-soft", 4.5);
                reads(theme, "ink", text + "-soft", 4.5);
            }
            reads(theme, "accent", "sunken", 4.5);
            reads(theme, "on-accent", "accent", 4.5);
            reads(theme, "line-strong", "surface", 3);
            reads(theme, "line-strong", "paper", 3);
        }
    }

    @Test
    void dark_is_the_same_whether_wanted_or_chosen() {
        assertThat(theme(":root:not([data-theme=\"light\"]) {")).isEqualTo(theme(":root[data-theme=\"dark\"] {"));
    }

    @Test
    void the_measure_is_that_of_the_standard() {
        assertThat(contrast("000000", "ffffff")).isEqualTo(21);
        assertThat(contrast("767676", "ffffff")).isBetween(4.54, 4.55);
        assertThat(contrast("777777", "ffffff")).isLessThan(4.5);
    }

    private static void reads(Map<String, String> theme, String text, String ground, double least) {
        double contrast = contrast(colour(theme, text), colour(theme, ground));
        assertThat(contrast).as(text + " on " + ground + " " + theme).isGreaterThanOrEqualTo(least);
    }

    private static String colour(Map<String, String> theme, String token) {
        return Objects.requireNonNull(theme.get(token), token);
    }

    private Map<String, String> theme(String selector) {
        int begin = css.indexOf(selector);
        assertThat(begin).as(selector).isNotNegative();
        Map<String, String> tokens = new LinkedHashMap<>();
        Matcher token = TOKEN.matcher(css.substring(begin, css.indexOf('}', begin)));
        while (token.find()) {
            tokens.put(token.group(1), token.group(2));
        }
        return tokens;
    }

    private static double contrast(String one, String other) {
        double first = luminance(one);
        double second = luminance(other);
        return (Math.max(first, second) + .05) / (Math.min(first, second) + .05);
    }

    private static double luminance(String colour) {
        double[] weights = {.2126, .7152, .0722};
        double sum = 0;
        for (int part = 0; part < 3; part++) {
            double value = Integer.parseInt(colour.substring(2 * part, 2 * part + 2), 16) / 255.0;
            sum += weights[part] * (value <= .04045 ? value / 12.92 : Math.pow((value + .055) / 1.055, 2.4));
        }
        return sum;
    }
}
