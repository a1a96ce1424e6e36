package io.pgcharter.entry.terminal;

import java.util.ArrayList;
import java.util.List;

/// Rows under headings, every column as wide as its widest cell, numbers to the right. Not thread-safe.
public final class Table {
    private static final String GAP = "  ";
    private static final String INDENT = "    ";

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

    /// The same for lines shorter than `columnsMax`: columns that have no room continue on a line of their own,
    /// and what a last column of words has too much is cut off.
    public String text(boolean colours, int columnsMax) {
        int[] widths = widths();
        List<List<Integer>> lines = fold(widths, columnsMax);
        StringBuilder text = new StringBuilder();
        List<Cell> headings = columns.stream()
                .map(column -> new Cell(column.heading(), Tone.STRONG))
                .toList();
        append(text, headings, widths, lines, colours);
        List<Cell> dashes = new ArrayList<>();
        for (int width : widths) {
            dashes.add(new Cell("─".repeat(width), Tone.FAINT));
        }
        append(text, dashes, widths, lines.subList(0, 1), colours);
        for (List<Cell> row : rows) {
            append(text, row, widths, lines, colours);
        }
        return text.toString();
    }

    /// The columns of each line; cuts the last column's width to what is left of its line.
    private List<List<Integer>> fold(int[] widths, int columnsMax) {
        List<List<Integer>> lines = new ArrayList<>(List.of(new ArrayList<>()));
        int last = widths.length - 1;
        int used = 0;
        for (int column = 0; column <= last; column++) {
            boolean cuttable = column == last && !columns.get(column).toRight();
            int needed = cuttable ? Math.min(widths[column], CUT_WIDTH_MIN) : widths[column];
            if (used > INDENT.length() && used + needed >= columnsMax) {
                lines.add(new ArrayList<>());
                used = INDENT.length();
            }
            if (cuttable) {
                widths[column] = Math.min(widths[column], Math.max(needed, columnsMax - 1 - used));
            }
            lines.getLast().add(column);
            used += widths[column] + GAP.length();
        }
        return lines;
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

    private void append(
            StringBuilder text, List<Cell> cells, int[] widths, List<List<Integer>> lines, boolean colours) {
        for (List<Integer> line : lines) {
            StringBuilder shown = new StringBuilder(line.getFirst() == 0 ? "" : INDENT);
            for (int column : line) {
                Cell cell = cells.get(column).cutTo(widths[column]);
                String blanks = " ".repeat(widths[column] - cell.width());
                String dressed = colours ? cell.tone().dress(cell.text()) : cell.text();
                shown.append(columns.get(column).toRight() ? blanks + dressed : dressed + blanks);
                shown.append(GAP);
            }
            if (line.getFirst() == 0 || !shown.toString().isBlank()) {
                text.append(shown.toString().stripTrailing()).append('\n');
            }
        }
    }
}
