package io.pgcharter.model.id;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// One backup: the snapshot's id in its repository, 64 lower-case hexadecimal digits or an unambiguous prefix of at
/// least 8 of them.
public record BackupId(@JsonValue String text) {
    private static final Pattern RULE = Pattern.compile("[0-9a-f]{8,64}");

    public BackupId {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not a backup id: '" + text + "'");
        }
    }

    public static boolean isValid(String text) {
        return RULE.matcher(text).matches();
    }

    /// The first 8 digits, as tables show it.
    public String abbreviated() {
        return text.substring(0, 8);
    }

    @Override
    public String toString() {
        return text;
    }
}
