package io.pgcharter.policy.charter;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever is read, reading ends in a value, and agrees with the published schema.
class CharterFuzzTest {
    private static final List<String> PIECES = List.of(
            "",
            "null",
            "true",
            "[]",
            "{}",
            "{ a: b }",
            "1",
            "1.0",
            "-7",
            "0x1F",
            "99999999999999999999",
            ".inf",
            ".nan",
            "\"\"",
            "\"prod\\n\"",
            "production",
            "${env:A}",
            "\"${env:A}\"",
            "\"postgres://u:${env:X}@h/d\"",
            "*a",
            "&a x",
            "!t x",
            "- x",
            "a: b",
            "? x",
            "'",
            "\"",
            "\t",
            "#",
            "|",
            ">",
            "%A",
            "@",
            "`",
            "\uFEFF",
            "\u0000",
            "\uD800",
            "\u2028",
            "---",
            "...",
            "<<: {}",
            "deny",
            "[production, production]",
            "{ approvals: 1, role: admin }");

    private final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Charters.schema(), InputFormat.JSON);

    private static String example() throws IOException {
        return Files.readString(Path.of("examples/finatrades/charter.yaml"));
    }

    @Property(tries = 1000)
    void any_bytes_end_in_a_value(@ForAll byte[] bytes) {
        assertThat(Charters.parse(bytes, "charter.yaml", Path.of("/"))).isNotNull();
    }

    @Property(tries = 1000)
    void any_text_of_yaml_like_pieces_ends_in_a_value(@ForAll("yamlish") String text) {
        assertThat(Charters.parse(text, "charter.yaml", Path.of("/"))).isNotNull();
    }

    @Property(tries = 1000)
    void a_mutilated_charter_ends_in_a_value_that_agrees_with_the_schema(@ForAll long seed) throws IOException {
        String text = mutilated(example(), new Random(seed));
        Complaints complaints = new Complaints("charter.yaml");
        boolean readable = YamlDocument.read(text, complaints)
                .map(document -> schema.validate(document.tree()).isEmpty())
                .orElse(false);
        Charters.Reading reading = Charters.parse(text, "charter.yaml", Path.of("/"));
        if (reading instanceof Charters.Parsed) {
            assertThat(readable)
                    .as("the schema accepts what the reader accepts")
                    .isTrue();
        }
        if (!readable) {
            assertThat(reading).isInstanceOf(Charters.Rejected.class);
        }
    }

    /// What is meant for another line, another key, or no line at all.
    private static String mutilated(String text, Random random) {
        String[] lines = text.split("\n", -1);
        for (int change = 0; change <= random.nextInt(3); change++) {
            int line = random.nextInt(lines.length);
            int colon = lines[line].indexOf(':');
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            lines[line] = switch (random.nextInt(4)) {
                case 0 -> colon < 0 ? piece : lines[line].substring(0, colon + 1) + " " + piece;
                case 1 -> colon < 0 ? piece : " ".repeat(random.nextInt(6)) + piece + lines[line].substring(colon);
                case 2 -> lines[random.nextInt(lines.length)];
                default -> "";
            };
        }
        return String.join("\n", lines);
    }

    @Provide
    Arbitrary<String> yamlish() {
        return Arbitraries.of(PIECES)
                .flatMap(piece ->
                        Arbitraries.of("", " ", "\n", "\n  ", ": ", ", ").map(gap -> piece + gap))
                .list()
                .ofMaxSize(40)
                .map(pieces -> String.join("", pieces));
    }

    @Property(tries = 1)
    void the_longest_texts_do_not_exhaust_the_stack() {
        for (String unit : List.of("$", "${env:A}", "${", "a=&", "%", "&x=1", "?", "[", "@", ":", "-")) {
            String long1 = unit.repeat(YamlDocument.SCALAR_LENGTH_MAX / unit.length());
            String text = "charter: 1\nenvironments: {e: {}}\ndatabases: {d: {environment: e, url: \"postgres://h/d?"
                    + long1.substring(16) + "\"}}\nrepositories: {r: {path: \"" + long1 + "\", password: \"" + long1
                    + "\"}}\nverification: {d: {smoke: [\"" + long1 + "\"]}}\nstate: {directory: \"" + long1 + "\"}\n";
            assertThat(Charters.parse(text.getBytes(StandardCharsets.UTF_8), "charter.yaml", Path.of("/")))
                    .isInstanceOf(Charters.Rejected.class);
        }
    }
}
