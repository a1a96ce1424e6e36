package io.pgcharter.model.id;

import java.util.regex.Pattern;

/// The rule every name in a charter follows.
public final class CharterName {
    /// As the JSON Schema states it.
    public static final String PATTERN = "[a-z][a-z0-9_-]{0,62}";

    private static final Pattern RULE = Pattern.compile(PATTERN);

    private CharterName() {}

    public static boolean isValid(String text) {
        return RULE.matcher(text).matches();
    }

    static void require(String text) {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not a charter name: '" + text + "' (want " + PATTERN + ")");
        }
    }
}
