package io.pgcharter.entry.terminal;

/// What a piece of text means; a terminal shows it as a colour, anything else as plain text.
public enum Tone {
    PLAIN(""),
    STRONG("1"),
    FAINT("2"),
    GOOD("32"),
    WARNING("33"),
    BAD("31");

    private final String code;

    Tone(String code) {
        this.code = code;
    }

    /// `text` in this tone, by ECMA-48 "select graphic rendition".
    String dress(String text) {
        return code.isEmpty() || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
