package io.pgcharter.entry.web.page;

import io.pgcharter.entry.web.page.Overview.Flow;
import io.pgcharter.entry.web.page.Overview.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Where the arrows between lanes go. Across, in percent of the drawing's width, so that it may be as wide as it likes;
/// down, in pixels. Arrows that do not meet share a row.
///
/// @param rows how many rows of arrows there are
public record FlowMap(List<Line> lines, int rows) {
    /// More rows than these are no picture any more; the list below it says the same.
    static final int ROWS_MAX = 10;

    private static final int ROW = 34;
    /// How far from a lane's middle an arrow begins and ends, in percent, so that two that meet there do not touch.
    private static final double ASIDE = 0.8;

    public FlowMap {
        lines = List.copyOf(lines);
    }

    /// @param lanes names of the environments, from left to right
    static FlowMap of(List<String> lanes, List<Flow> flows) {
        Map<String, List<Flow>> together = new LinkedHashMap<>();
        for (Flow flow : flows) {
            boolean drawn = lanes.contains(flow.from()) && lanes.contains(flow.to());
            if (drawn && !flow.from().equals(flow.to())) {
                together.computeIfAbsent(
                                flow.from() + ' ' + flow.to() + ' ' + flow.rule() + ' ' + flow.says(),
                                key -> new ArrayList<>())
                        .add(flow);
            }
        }
        List<Line> lines = new ArrayList<>();
        List<List<Line>> rows = new ArrayList<>();
        for (List<Flow> same : together.values()) {
            Flow first = same.getFirst();
            String what = String.join(", ", same.stream().map(Flow::what).toList());
            double width = 100.0 / lanes.size();
            double from = (lanes.indexOf(first.from()) + 0.5) * width;
            double to = (lanes.indexOf(first.to()) + 0.5) * width;
            Line line = new Line(from, to, 0, first.rule(), what, first.says());
            int row = 0;
            while (row < rows.size() && rows.get(row).stream().anyMatch(line::meets)) {
                row++;
            }
            if (row == rows.size()) {
                rows.add(new ArrayList<>());
            }
            line = new Line(from, to, row * ROW + 24, first.rule(), what, first.says());
            rows.get(row).add(line);
            lines.add(line);
        }
        return rows.size() > ROWS_MAX ? new FlowMap(List.of(), 0) : new FlowMap(lines, rows.size());
    }

    public int height() {
        return rows * ROW + 4;
    }

    /// One arrow.
    ///
    /// @param from, to in percent of the width
    /// @param y in pixels
    public record Line(double from, double to, int y, Rule rule, String what, String says) {
        boolean meets(Line other) {
            return Math.min(from, to) < Math.max(other.from, other.to)
                    && Math.min(other.from, other.to) < Math.max(from, to);
        }

        public String x1() {
            return percent(from + Math.signum(to - from) * ASIDE);
        }

        public String x2() {
            return percent(to - Math.signum(to - from) * ASIDE);
        }

        public String middle() {
            return percent((from + to) / 2);
        }

        private static String percent(double value) {
            return String.format(Locale.ROOT, "%.2f%%", value);
        }
    }
}
