package io.pgcharter.policy.charter;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Reads charters. Pure: no file is opened, no reference is looked up.
public final class Charters {
    private Charters() {}

    /// What reading a charter comes to.
    public sealed interface Reading {}

    /// A charter that can be carried out.
    ///
    /// @param warnings what it allows that a careful team would not want without knowing, in the order of the lines
    public record Parsed(Charter charter, List<Warning> warnings) implements Reading {
        public Parsed {
            warnings = List.copyOf(warnings);
        }
    }

    /// A charter that cannot be carried out.
    ///
    /// @param errors all of them, in the order of the lines; at least one
    public record Rejected(List<CharterError> errors) implements Reading {
        public Rejected {
            errors = List.copyOf(errors);
            if (errors.isEmpty()) {
                throw new IllegalArgumentException("a rejection needs an error");
            }
        }
    }

    /// Reads the text of a charter. Never throws, whatever the text.
    ///
    /// @param file the charter's path as the person gave it, for messages
    /// @param directory what relative paths in the charter are relative to: the directory the charter lies in
    public static Reading parse(String text, String file, Path directory) {
        Complaints complaints = new Complaints(file);
        Optional<YamlDocument> document = YamlDocument.read(text, complaints);
        if (document.isPresent()) {
            Published.SCHEMA.check(document.get(), complaints);
            new CrossCheck(document.get(), complaints).check();
        }
        if (document.isEmpty() || !complaints.isEmpty()) {
            return new Rejected(complaints.inOrder());
        }
        Charter charter = new CharterReader(document.get(), file, directory).read();
        return new Parsed(charter, Cautions.about(charter));
    }

    /// Like [#parse(String, String, Path)], for the bytes of a file; bytes that are not UTF-8 are an error.
    public static Reading parse(byte[] bytes, String file, Path directory) {
        Complaints complaints = new Complaints(file);
        try {
            if (bytes.length <= YamlDocument.LENGTH_MAX) {
                return parse(
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(bytes))
                                .toString(),
                        file,
                        directory);
            }
            complaints.add(
                    Position.START,
                    "the charter is longer than 1 MiB",
                    "check that this is the file you meant to give");
        } catch (CharacterCodingException notUtf8) {
            complaints.add(firstBroken(bytes), "the charter is not UTF-8 text", "save the file in UTF-8");
        }
        return new Rejected(complaints.inOrder());
    }

    /// The published JSON Schema of the charter (draft 2020-12), for editors.
    public static String schema() {
        return SchemaCheck.schemaText();
    }

    /// Reads the schema now, so that the first charter does not wait for it. Whoever comes meanwhile waits for the end.
    public static void prepare() {
        Objects.requireNonNull(Published.SCHEMA);
    }

    private static Position firstBroken(byte[] bytes) {
        CharBuffer decoded = CharBuffer.allocate(bytes.length);
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), decoded, true);
        String before = decoded.flip().toString();
        int lineBegin = before.lastIndexOf('\n') + 1;
        int line = (int) before.chars().filter(letter -> letter == '\n').count() + 1;
        return new Position(line, before.codePointCount(lineBegin, before.length()) + 1);
    }

    /// Read once, when the first charter is; it never changes.
    private static final class Published {
        static final SchemaCheck SCHEMA = SchemaCheck.published();

        private Published() {}
    }
}
