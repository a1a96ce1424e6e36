package io.pgcharter.entry.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows under headings, every column as wide as its widest cell, numbers to the right. Not thread-safe.
public final class Table {
    private static final String GAP = "  ";

    /// A column is not cut to less: a few letters would say nothing.
    private static final int CUT_WIDTH_MIN = 20;

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    public Table(Column... columns) {
        this.columns = List.of(columns);
    }

    /// @param toRight numbers and sizes
    public record Column(String heading, boolean toRight) {
        public static Column left(String heading) {
            return new Column(heading, false);
        }

        public static Column right(String heading) {
            return new Column(heading, true);
        }
    }

    /// One value of a row, on one line: control characters are shown as spaces.
    public record Cell(String text, Tone tone) {
        public Cell {
            text = text.replaceAll("\\p{Cntrl}+", " ");
        }

        public static Cell of(String text) {
            return new Cell(text, Tone.PLAIN);
        }

        /// What is not there, or not known.
        public static Cell none() {
            return new Cell("–", Tone.FAINT);
        }

        int width() {
            return text.codePointCount(0, text.length());
        }

        Cell cutTo(int width) {
            return width() <= width
                    ? this
                    : new Cell(text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…", tone);
        }
    }

    public Table row(Cell... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalStateException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    public Table row(String... texts) {
        Cell[] cells = new Cell[texts.length];
        for (int index = 0; index < texts.length; index++) {
            cells[index] = Cell.of(texts[index]);
        }
        return row(cells);
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /// The whole table, each line ended by a line feed, without trailing blanks.
    public String text(boolean colours) {
        return text(colours, Integer.MAX_VALUE);
    }

    /// The same, with what a last column of words has too much for lines of `columns` cut off.
    public String text(boolean colours, int columnsMax) {
        int[] widths = widths();
        int last = widths.length - 1;
        if (!columns.get(last).toRight()) {
            int before = Arrays.stream(widths, 0, last)
                    .map(width -> width + GAP.length())
                    .sum();
            widths[last] = Math.min(widths[last], Math.max(CUT_WIDTH_MIN, columnsMax - 1 - before));
        }
        StringBuilder text = new StringBuilder();
        List<Cell> headings = columns.stream()
                .map(column -> new Cell(column.heading(), Tone.STRONG))
                .toList();
        append(text, headings, widths, colours);
        List<Cell> lines = new ArrayList<>();
        for (int width : widths) {
            lines.add(new Cell("─".repeat(width), Tone.FAINT));
        }
        append(text, lines, widths, colours);
        for (List<Cell> row : rows) {
            append(text, row, widths, colours);
        }
        return text.toString();
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int column = 0; column < widths.length; column++) {
            String heading = columns.get(column).heading();
            widths[column] = heading.codePointCount(0, heading.length());
            for (List<Cell> row : rows) {
                widths[column] = Math.max(widths[column], row.get(column).width());
            }
        }
        return widths;
    }

    private void append(StringBuilder text, List<Cell> cells, int[] widths, boolean colours) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            Cell cell = cells.get(column).cutTo(widths[column]);
            String blanks = " ".repeat(widths[column] - cell.width());
            String shown = colours ? cell.tone().dress(cell.text()) : cell.text();
            line.append(columns.get(column).toRight() ? blanks + shown : shown + blanks);
            line.append(GAP);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
