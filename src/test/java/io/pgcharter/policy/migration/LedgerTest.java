package io.pgcharter.policy.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.migration.Recorded;
import io.pgcharter.model.migration.Recorded.State;
import io.pgcharter.model.migration.Source;
import io.pgcharter.model.migration.Version;
import io.pgcharter.policy.migration.Ledger.Entry;
import io.pgcharter.policy.migration.Ledger.Standing;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static Migration file(Kind kind, String name, String checksum) {
        Version version = kind == Kind.REPEATABLE ? Version.of(name) : Version.ofNumbers(name);
        return new Migration(
                kind,
                name,
                version,
                "title",
                name + ".sql",
                checksum,
                Set.of(checksum),
                new Source(name, "", Optional.empty()),
                Optional.empty());
    }

    private static Migration file(String name) {
        return file(Kind.VERSIONED, name, "sum of " + name);
    }

    private static Recorded row(State state, String name, String checksum) {
        Version version = name.startsWith("R__") ? Version.of(name) : Version.ofNumbers(name);
        return new Recorded(
                "row of " + name,
                name,
                version,
                Optional.of("title"),
                Optional.of(checksum),
                state,
                OptionalInt.empty(),
                false,
                "",
                Optional.empty());
    }

    private static Recorded row(String name) {
        return row(State.APPLIED, name, "sum of " + name);
    }

    private static List<String> standings(Ledger ledger) {
        return ledger.entries().stream()
                .map(entry -> entry.name() + " " + entry.standing())
                .toList();
    }

    @Test
    void what_has_no_row_is_pending_in_the_order_of_the_files() {
        Ledger ledger = Ledger.of(List.of(file("1"), file("2"), file("3")), List.of(row("1")));

        assertThat(standings(ledger)).containsExactly("1 APPLIED", "2 PENDING", "3 PENDING");
        assertThat(ledger.due()).extracting(Migration::name).containsExactly("2", "3");
        assertThat(ledger.divergences()).isEmpty();
    }

    @Test
    void edited_missing_out_of_order_and_failed_ones_are_divergences() {
        Ledger ledger = Ledger.of(
                List.of(file("1"), file("2"), file("4"), file("6")),
                List.of(row(State.APPLIED, "1", "another sum"), row("3"), row(State.FAILED, "4", "any"), row("5")));

        assertThat(standings(ledger))
                .containsExactly("1 EDITED", "3 MISSING", "4 FAILED", "5 MISSING", "2 OUT_OF_ORDER", "6 PENDING");
        assertThat(ledger.divergences()).extracting(Entry::name).containsExactly("1", "3", "4", "5", "2");
    }

    @Test
    void a_repeatable_one_is_due_again_when_its_file_has_changed() {
        Migration views = file(Kind.REPEATABLE, "R__views", "new");
        Migration other = file(Kind.REPEATABLE, "R__other", "same");
        List<Recorded> history = List.of(
                row(State.APPLIED, "R__views", "older"),
                row("1"),
                row(State.APPLIED, "R__views", "old"),
                row(State.APPLIED, "R__other", "same"));

        Ledger ledger = Ledger.of(List.of(file("1"), file("2"), views, other), history);

        assertThat(standings(ledger)).containsExactly("R__views CHANGED", "1 APPLIED", "R__other APPLIED", "2 PENDING");
        assertThat(ledger.due()).extracting(Migration::name).containsExactly("2", "R__views");
    }

    @Test
    void a_baseline_stands_for_all_up_to_its_version() {
        List<Migration> files = List.of(file("1"), file("2"), file("2.1"));
        Recorded baseline = row(State.BASELINE, "2", "");

        Ledger ledger = Ledger.of(files, List.of(baseline));

        assertThat(ledger.due()).extracting(Migration::name).containsExactly("2.1");
        assertThat(ledger.divergences()).isEmpty();
        assertThat(ledger.has(files.getFirst())).isTrue();
        assertThat(ledger.has(files.getLast())).isFalse();
    }

    @Test
    void the_newest_baseline_file_starts_a_database_without_a_history_and_no_other() {
        Migration early = file(Kind.BASELINE, "1", "b1");
        Migration start = file(Kind.BASELINE, "2", "b2");
        List<Migration> files = List.of(early, start, file("1"), file("2"), file("3"));

        assertThat(Ledger.of(files, List.of()).due()).containsExactly(start, file("3"));
        assertThat(Ledger.of(files, List.of(row("1"))).due()).containsExactly(file("2"), file("3"));
        assertThat(Ledger.of(files, List.of(row(State.BASELINE, "2", "b2"))).due())
                .containsExactly(file("3"));
        assertThat(Ledger.of(files, List.of(row(State.BASELINE, "2", "edited"))).divergences())
                .extracting(Entry::standing)
                .containsExactly(Standing.EDITED);
    }

    @Test
    void a_migration_that_changed_its_name_alone_is_another_one() {
        Recorded renamed = new Recorded(
                "1",
                "1",
                Version.ofNumbers("1"),
                Optional.of("an older title"),
                Optional.of("sum of 1"),
                State.APPLIED,
                OptionalInt.empty(),
                false,
                "",
                Optional.empty());

        assertThat(Ledger.of(List.of(file("1")), List.of(renamed)).divergences())
                .extracting(Entry::standing)
                .containsExactly(Standing.EDITED);
    }
}
