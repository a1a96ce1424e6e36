package io.pgcharter.model.sql;

/// A stretch of a text, in UTF-16 units as Java counts them: from `start` up to, not including, `end`.
public record Span(int start, int end) {
    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no span: " + start + " to " + end);
        }
    }

    /// Whether all of another stretch lies in this one.
    public boolean holds(Span other) {
        return start <= other.start && other.end <= end;
    }

    public String of(String text) {
        return text.substring(start, end);
    }
}
