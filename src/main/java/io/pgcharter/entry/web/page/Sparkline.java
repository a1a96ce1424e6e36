package io.pgcharter.entry.web.page;

import java.util.List;

/// A line without axes, in a box of 100 by 24.
///
/// @param points for the attribute `points` of a polyline; empty when there is nothing to draw
/// @param last the newest value
/// @param highest the highest value
public record Sparkline(String points, double last, double highest) {
    static Sparkline of(List<Double> values) {
        if (values.size() < 2) {
            return new Sparkline("", 0, 0);
        }
        double highest = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double scale = highest <= 0 ? 0 : 22 / highest;
        StringBuilder points = new StringBuilder(values.size() * 9);
        for (int index = 0; index < values.size(); index++) {
            long x = Math.round(1000.0 * index / (values.size() - 1));
            long y = Math.round((23 - values.get(index) * scale) * 10);
            tenths(points, x);
            points.append(',');
            tenths(points, y);
            points.append(' ');
        }
        return new Sparkline(points.toString(), values.getLast(), highest);
    }

    private static void tenths(StringBuilder out, long tenths) {
        out.append(tenths / 10);
        if (tenths % 10 != 0) {
            out.append('.').append(Math.abs(tenths % 10));
        }
    }

    public boolean isEmpty() {
        return points.isEmpty();
    }
}
