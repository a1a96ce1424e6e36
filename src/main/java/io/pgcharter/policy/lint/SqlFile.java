package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Block;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Span;
import io.pgcharter.model.sql.Statement;
import io.pgcharter.model.sql.Token;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A file of SQL, parsed.
///
/// @param name as people know it
/// @param words its tokens, comments included; may be empty where the text has neither `pgcharter:allow` nor a word
/// of more than [#WORD_MOST] letters
/// @param blocks what its `DO` blocks hold, by the span of their statement
public record SqlFile(String name, String text, Parsed parsed, List<Token> words, Map<Span, Block> blocks) {
    /// PostgreSQL cuts longer identifiers: `NAMEDATALEN` less one, in bytes.
    public static final int WORD_MOST = 63;

    public SqlFile {
        words = List.copyOf(words);
        blocks = Map.copyOf(blocks);
    }

    /// What the statement holds, if it is a `DO` block.
    public Optional<Block> block(Statement statement) {
        return Optional.ofNullable(blocks.get(statement.span()));
    }

    /// Its tokens, those within `DO` blocks too.
    public Stream<Token> allWords() {
        return Stream.concat(words.stream(), blocks.values().stream().flatMap(block -> block.words().stream()));
    }

    /// Whether the tokens of a text are needed to judge it.
    public static boolean needsWords(String text) {
        if (text.contains(Suppressions.MARK)) {
            return true;
        }
        int run = 0;
        for (int at = 0; at < text.length(); at++) {
            char letter = text.charAt(at);
            // Letters beyond ASCII take up to three bytes each.
            run = Character.isLetterOrDigit(letter) || letter == '_' ? run + (letter < 0x80 ? 1 : 3) : 0;
            if (run > WORD_MOST) {
                return true;
            }
        }
        return false;
    }
}
