package io.pgcharter.platform.sql;

/// From bytes of UTF-8, as the parser counts, to UTF-16 units, as Java does. Asked in ascending order it reads the
/// text once. Not thread-safe.
final class Offsets {
    private final String text;
    private int at;
    private int passed;

    Offsets(String text) {
        this.text = text;
    }

    int of(int bytes) {
        if (bytes < passed) {
            at = 0;
            passed = 0;
        }
        while (at < text.length() && passed < bytes) {
            int character = text.codePointAt(at);
            passed += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            at += Character.charCount(character);
        }
        return at;
    }
}
