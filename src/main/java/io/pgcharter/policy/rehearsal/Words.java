package io.pgcharter.policy.rehearsal;

import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A statement's text by its tokens: the tree says where an expression is, the text says what it says.
///
/// @param tokens without comments
record Words(String sql, List<Token> tokens) {
    /// The parser names no keyword.
    private static final String KEYWORD = "UNKNOWN";

    private static final String OPEN = "ASCII_40";
    private static final String CLOSE = "ASCII_41";
    private static final String COMMA = "ASCII_44";
    private static final String END = "ASCII_59";

    Words {
        tokens = tokens.stream().filter(token -> !token.isComment()).toList();
    }

    /// What a token is: PostgreSQL's name for it, or of a keyword the word, in capitals.
    private String kind(int index) {
        Token token = tokens.get(index);
        return token.kind().equals(KEYWORD) ? token.span().of(sql).toUpperCase(Locale.ROOT) : token.kind();
    }

    /// The token at or behind an offset in bytes.
    int at(int bytes) {
        int offset = Script.offset(sql, bytes);
        int index = 0;
        while (index < tokens.size() && tokens.get(index).span().start() < offset) {
            index++;
        }
        return index;
    }

    /// The first parenthesis at or behind a token.
    int open(int from) {
        int index = from;
        while (index < tokens.size() && !kind(index).equals(OPEN)) {
            index++;
        }
        return index;
    }

    /// The parenthesis that closes the one at `open`.
    int close(int open) {
        int depth = 0;
        for (int index = open; index < tokens.size(); index++) {
            depth += depth(index);
            if (depth == 0) {
                return index;
            }
        }
        return tokens.size();
    }

    private int depth(int index) {
        return switch (kind(index)) {
            case OPEN -> 1;
            case CLOSE -> -1;
            default -> 0;
        };
    }

    /// The text of tokens.
    ///
    /// @param to index behind the last one
    String text(int from, int to) {
        return from >= to
                ? ""
                : sql.substring(
                        tokens.get(from).span().start(),
                        tokens.get(to - 1).span().end());
    }

    /// What stands between a parenthesis and the one that closes it, by commas: pairs of first token and the one
    /// behind the last.
    List<int[]> items(int open) {
        int end = close(open);
        List<int[]> items = new ArrayList<>();
        int from = open + 1;
        while (from < end) {
            int to = until(from, end, Set.of());
            items.add(new int[] {from, to});
            from = to + 1;
        }
        return items;
    }

    /// The first token from `from` on that is a comma, the statement's end or one of the kinds, outside of
    /// parentheses.
    int until(int from, int end, Set<String> kinds) {
        int depth = 0;
        for (int index = from; index < end; index++) {
            String kind = kind(index);
            if (depth == 0 && (kind.equals(COMMA) || kind.equals(END) || kinds.contains(kind))) {
                return index;
            }
            depth += depth(index);
        }
        return end;
    }

    /// The first token of a kind, or keyword, outside of parentheses; the number of tokens if there is none.
    int find(int from, String kind) {
        int depth = 0;
        for (int index = from; index < tokens.size(); index++) {
            if (depth == 0 && kind(index).equals(kind)) {
                return index;
            }
            depth += depth(index);
        }
        return tokens.size();
    }

    int size() {
        return tokens.size();
    }
}
