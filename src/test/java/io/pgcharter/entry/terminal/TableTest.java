package io.pgcharter.entry.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columns_are_as_wide_as_their_widest_cell_and_numbers_stand_to_the_right() {
        Table table = new Table(Column.left("NAME"), Column.right("SIZE"), Column.left("NOTE"))
                .row("payments", "9 B", "first")
                .row("b", "1.2 GB", "");

        assertThat(table.text(false)).isEqualTo("""
                        NAME        SIZE  NOTE
                        ────────  ──────  ─────
                        payments     9 B  first
                        b         1.2 GB
                        """);
    }

    @Test
    void colours_do_not_move_columns() {
        Table table = new Table(Column.left("A"), Column.left("B")).row(new Cell("ok", Tone.GOOD), Cell.of("x"));

        assertThat(table.text(true).replaceAll("\u001b\\[[0-9]*m", "")).isEqualTo(table.text(false));
        assertThat(table.text(true)).contains("\u001b[32mok\u001b[0m");
    }

    @Test
    void a_letter_outside_the_basic_plane_counts_as_one() {
        Table table =
                new Table(Column.left("A"), Column.left("B")).row("😀😀", "x").row("abc", "y");

        assertThat(table.text(false).lines().skip(2)).containsExactly("😀😀   x", "abc  y");
    }

    @Test
    void a_cell_cannot_break_its_line() {
        Table table = new Table(Column.left("A")).row("one\ntwo\u001b[31m");

        assertThat(table.text(false).lines().skip(2)).containsExactly("one two [31m");
    }

    @Test
    void a_row_that_does_not_fit_is_a_bug() {
        assertThatThrownBy(() -> new Table(Column.left("A")).row("1", "2")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void on_a_narrow_terminal_columns_continue_on_the_next_line_and_the_last_is_cut() {
        Table table = new Table(Column.left("NAME"), Column.right("SIZE"), Column.left("WHERE"), Column.left("WHY"))
                .row("payments", "1,234", "a place with a name", "because everybody should be able to read this")
                .row("other", "7", "", "");

        assertThat(table.text(false, 40)).isEqualTo("""
                NAME       SIZE  WHERE
                    WHY
                ────────  ─────  ───────────────────
                payments  1,234  a place with a name
                    because everybody should be able t…
                other         7
                """);
        assertThat(table.text(false, 60).lines())
                .allMatch(line -> line.length() < 60)
                .hasSize(4);
        assertThat(table.text(false)).contains("able to read this\n");
    }
}
