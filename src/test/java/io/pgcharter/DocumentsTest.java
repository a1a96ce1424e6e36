package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.policy.charter.Charters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The documents say what is so, as far as a machine can tell.
class DocumentsTest {
    /// `[text](target)` and `![text](target)`; a target has no spaces.
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    private static final Pattern CODE_BLOCK = Pattern.compile("^ *```.*?^ *```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern YAML_BLOCK =
            Pattern.compile("^```yaml\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("^#+ +(.+)$", Pattern.MULTILINE);

    /// Where a developer's or a build machine's files lie; no reader has them.
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(/home/[a-z]|/Users/|/root/|/work(space)?/|/builds/|/tmp/[a-z]|[A-Z]:\\\\)");

    @Test
    void every_relative_link_leads_somewhere() {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            for (String target : links(document)) {
                if (!leadsSomewhere(document, target)) {
                    broken.add(document + ": " + target);
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void every_problem_code_is_explained_and_no_other() {
        List<String> explained = firstCells(Path.of("docs/problems.md"), "[A-Z_]+");

        assertThat(explained)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ProblemCode.values()).map(Enum::name).toList());
    }

    @Test
    void documents_name_only_problem_codes_that_exist() {
        Set<String> codes = Arrays.stream(ProblemCode.values()).map(Enum::name).collect(Collectors.toSet());
        Set<String> families = codes.stream()
                .filter(code -> code.contains("_"))
                .map(code -> code.substring(0, code.indexOf('_')))
                .collect(Collectors.toSet());
        List<String> unknown = new ArrayList<>();
        for (Path document : documents()) {
            matches(Pattern.compile("`([A-Z]+(?:_[A-Z]+)+)`"), read(document))
                    .map(match -> match.group(1))
                    .filter(word -> families.contains(word.substring(0, word.indexOf('_'))))
                    .filter(word -> !codes.contains(word) && !word.startsWith("RESTORE_") && !word.endsWith("_URL"))
                    .forEach(word -> unknown.add(document + ": " + word));
        }

        assertThat(unknown).isEmpty();
    }

    @Test
    void the_readme_begins_with_the_two_commands() {
        String beginning = read(Path.of("README.md")).lines().limit(20).collect(Collectors.joining("\n"));

        assertThat(beginning).contains("\n./pgcharter demo", "\n./pgcharter test");
    }

    @Test
    void the_charter_of_the_readme_is_sound() {
        List<String> charters = matches(YAML_BLOCK, read(Path.of("README.md")))
                .map(match -> match.group(1))
                .toList();

        assertThat(charters).isNotEmpty().allSatisfy(text -> {
            Charters.Reading reading =
                    Charters.parse(text, "README.md", Path.of("").toAbsolutePath());
            assertThat(reading)
                    .isInstanceOfSatisfying(
                            Charters.Parsed.class,
                            parsed -> assertThat(parsed.warnings()).isEmpty());
        });
    }

    @Test
    void the_design_lists_every_package_and_no_other() {
        List<String> listed =
                firstCells(Path.of("DESIGN.md"), "(?:entry|engine|capability|policy|platform|model)(?:\\.[a-z]+)+");

        assertThat(listed).containsExactlyInAnyOrderElementsOf(packages());
    }

    @Test
    void no_document_names_a_path_of_a_machine() {
        List<String> found = new ArrayList<>();
        for (Path document : documents()) {
            matches(MACHINE_PATH, read(document)).forEach(match -> found.add(document + ": " + match.group()));
        }

        assertThat(found).isEmpty();
    }

    private static List<Path> documents() {
        List<Path> documents = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("."))) {
            files.map(Path::normalize).forEach(documents::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String directory : List.of("docs", "examples", "bench")) {
            try (Stream<Path> files = Files.walk(Path.of(directory))) {
                files.forEach(documents::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return documents.stream()
                .filter(path -> path.toString().endsWith(".md"))
                .sorted()
                .toList();
    }

    private static List<String> links(Path document) {
        String prose = CODE_BLOCK.matcher(read(document)).replaceAll("");
        return matches(LINK, prose)
                .map(match -> match.group(1))
                .filter(target -> !target.matches("[a-z]+:.*"))
                .toList();
    }

    private static boolean leadsSomewhere(Path document, String target) {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty()
                ? document
                : document.toAbsolutePath().resolveSibling(parts[0]).normalize();
        return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
    }

    /// The anchors that GitHub, GitLab and Gitea give headings: lower case, punctuation dropped, spaces as hyphens.
    private static Set<String> anchors(Path document) {
        String prose = CODE_BLOCK.matcher(read(document)).replaceAll("");
        return matches(HEADING, prose)
                .map(match -> match.group(1)
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /// What stands in backquotes as the first cell of a table's rows.
    private static List<String> firstCells(Path document, String word) {
        return matches(Pattern.compile("^\\| `(" + word + ")` \\|", Pattern.MULTILINE), read(document))
                .map(match -> match.group(1))
                .toList();
    }

    /// All but the one above all floors, which the design describes in a sentence.
    private static List<String> packages() {
        Path root = Path.of("src/main/java/io/pgcharter");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.getFileName().toString().equals("package-info.java"))
                    .map(Path::getParent)
                    .filter(directory -> !directory.equals(root))
                    .map(directory -> root.relativize(directory).toString().replace('/', '.'))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<MatchResult> matches(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.results();
    }

    private static String read(Path document) {
        try {
            return Files.readString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
