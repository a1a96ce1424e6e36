package io.pgcharter.policy.charter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.policy.schedule.Rhythm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The charters that people begin with.
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("examples");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:([A-Z0-9_]+)}");

    private static Charters.Parsed read(String example) throws IOException {
        Path directory = EXAMPLES.resolve(example);
        Charters.Reading reading =
                Charters.parse(Files.readAllBytes(directory.resolve("charter.yaml")), "charter.yaml", directory);
        assertThat(reading).as(example + ": " + reading).isInstanceOf(Charters.Parsed.class);
        return (Charters.Parsed) reading;
    }

    private static Rhythm rhythm(String example, String job) throws IOException {
        SchedulePlan.Job found =
                read(example).charter().serving().schedule().jobs().get(job);
        assertThat(found).as(job).isNotNull();
        return found.rhythm();
    }

    @ParameterizedTest
    @CsvSource({
        "finatrades, unmasked-data approvals-not-shared",
        "neon-railway, unmasked-data unmasked-data",
        "astrofinance, ''",
        "trenddojo, ''",
        "poc3, ''"
    })
    void an_example_is_sound_and_warns_of_what_its_readme_says(String example, String warnings) throws IOException {
        assertThat(read(example).warnings())
                .extracting(Warning::rule)
                .containsExactlyElementsOf(warnings.isEmpty() ? List.of() : List.of(warnings.split(" ")));
        String readme = Files.readString(EXAMPLES.resolve(example).resolve("README.md"));
        Stream.of(warnings.split(" ")).forEach(rule -> assertThat(readme).contains(rule));
    }

    @Test
    void every_example_is_tried_here() throws IOException {
        try (Stream<Path> directories = Files.list(EXAMPLES)) {
            assertThat(directories.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("finatrades", "neon-railway", "astrofinance", "trenddojo", "poc3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"finatrades", "neon-railway", "astrofinance", "trenddojo", "poc3"})
    void a_readme_names_every_variable_that_the_charter_needs(String example) throws IOException {
        Path directory = EXAMPLES.resolve(example);
        String readme = Files.readString(directory.resolve("README.md"));
        String charter = Files.readString(directory.resolve("charter.yaml"))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .reduce("", (text, line) -> text + line + "\n");
        Matcher variable = VARIABLE.matcher(charter);
        List<String> names = new ArrayList<>();
        while (variable.find()) {
            names.add("`" + variable.group(1) + "`");
        }
        assertThat(readme).contains(names);
    }

    /// A year has both changes of the clocks, in both halves of the world.
    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Zagreb", "America/New_York", "Australia/Lord_Howe"})
    void the_copies_of_neon_railway_begin_at_their_times_in_utc_wherever_the_node_is(String zone) throws IOException {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            assertThat(times("to-backup")).hasSize(730).containsOnly(LocalTime.of(6, 0), LocalTime.of(18, 0));
            assertThat(times("to-development")).hasSize(730).containsOnly(LocalTime.of(6, 15), LocalTime.of(18, 15));
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private static List<LocalTime> times(String job) throws IOException {
        Instant end = Instant.parse("2027-01-01T00:00:00Z");
        return instants(rhythm("neon-railway", job), Instant.parse("2026-01-01T00:00:00Z"), end).stream()
                .map(instant -> instant.atOffset(ZoneOffset.UTC).toLocalTime())
                .toList();
    }

    private static List<Instant> instants(Rhythm rhythm, Instant begin, Instant end) {
        return Stream.iterate(
                        rhythm.next(begin).orElseThrow(),
                        instant -> instant.isBefore(end),
                        instant -> rhythm.next(instant).orElseThrow())
                .toList();
    }

    @Test
    void the_backups_of_astrofinance_come_once_a_day_a_week_a_month_also_when_the_clocks_change() throws IOException {
        ZoneId zagreb = ZoneId.of("Europe/Zagreb");
        Instant begin = Instant.parse("2025-12-31T23:00:00Z");
        Instant end = Instant.parse("2026-12-31T23:00:00Z");

        List<Instant> daily = instants(rhythm("astrofinance", "daily-backup"), begin, end);
        assertThat(daily).hasSize(365);
        assertThat(daily.stream().map(instant -> instant.atZone(zagreb).toLocalDate()))
                .doesNotHaveDuplicates();
        assertThat(daily)
                .contains(Instant.parse("2026-03-28T01:00:00Z"))
                .as("02:00 is left out on this day: right after the gap")
                .contains(Instant.parse("2026-03-29T01:00:00Z"))
                .as("02:00 comes twice: the first of the two")
                .contains(Instant.parse("2026-10-25T00:00:00Z"))
                .doesNotContain(Instant.parse("2026-10-25T01:00:00Z"));
        assertThat(instants(rhythm("astrofinance", "weekly-backup"), begin, end))
                .hasSize(52)
                .allSatisfy(instant -> assertThat(instant.atZone(zagreb).toString())
                        .contains("T03:00")
                        .endsWith("[Europe/Zagreb]"));
        assertThat(instants(rhythm("astrofinance", "monthly-backup"), begin, end))
                .hasSize(12)
                .allSatisfy(instant ->
                        assertThat(instant.atZone(zagreb).getDayOfMonth()).isEqualTo(1));
    }
}
