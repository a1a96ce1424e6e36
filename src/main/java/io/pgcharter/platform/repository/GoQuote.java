package io.pgcharter.platform.repository;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// File names as restic keeps them: what Go's `strconv.Quote` gives, without the outer quotes.
final class GoQuote {
    private GoQuote() {}

    static String quote(String name) {
        StringBuilder quoted = new StringBuilder(name.length());
        for (int position = 0; position < name.length(); position++) {
            char letter = name.charAt(position);
            if (letter == '"' || letter == '\\') {
                quoted.append('\\').append(letter);
            } else if (letter < ' ' || letter == 0x7F) {
                quoted.append(String.format(Locale.ROOT, "\\x%02x", (int) letter));
            } else {
                quoted.append(letter);
            }
        }
        return quoted.toString();
    }

    /// Bytes that are no UTF-8 become the replacement character.
    ///
    /// @throws IllegalArgumentException if `quoted` is not what Go writes
    static String unquote(String quoted) {
        if (quoted.indexOf('\\') < 0) {
            return quoted;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int position = 0;
        while (position < quoted.length()) {
            int letter = quoted.codePointAt(position);
            position += Character.charCount(letter);
            if (letter != '\\') {
                append(bytes, letter);
                continue;
            }
            if (position == quoted.length()) {
                throw new IllegalArgumentException("a name ends in a backslash");
            }
            char kind = quoted.charAt(position++);
            int digits = digits(kind);
            if (digits == 0) {
                bytes.write(simple(kind));
            } else {
                boolean isOctal = kind <= '7';
                int begin = isOctal ? position - 1 : position;
                position = begin + digits;
                if (position > quoted.length()) {
                    throw new IllegalArgumentException("a name ends within an escape");
                }
                int value = Integer.parseInt(quoted, begin, position, isOctal ? 8 : 16);
                if (kind == 'u' || kind == 'U') {
                    append(bytes, value);
                } else {
                    bytes.write(value);
                }
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int digits(char kind) {
        return switch (kind) {
            case 'x' -> 2;
            case 'u' -> 4;
            case 'U' -> 8;
            case '0', '1', '2', '3', '4', '5', '6', '7' -> 3;
            default -> 0;
        };
    }

    private static int simple(char kind) {
        return switch (kind) {
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 11;
            case '\\', '"', '\'' -> kind;
            default -> throw new IllegalArgumentException("a name holds the unknown escape '\\" + kind + "'");
        };
    }

    private static void append(ByteArrayOutputStream bytes, int codePoint) {
        bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }
}
