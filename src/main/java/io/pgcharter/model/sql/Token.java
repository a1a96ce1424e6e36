package io.pgcharter.model.sql;

/// One word, sign, literal or comment of a text.
///
/// @param kind PostgreSQL's name for it; comments are [#LINE_COMMENT] and [#BLOCK_COMMENT]
public record Token(String kind, Span span) {
    public static final String LINE_COMMENT = "SQL_COMMENT";
    public static final String BLOCK_COMMENT = "C_COMMENT";

    public boolean isComment() {
        return kind.equals(LINE_COMMENT) || kind.equals(BLOCK_COMMENT);
    }
}
