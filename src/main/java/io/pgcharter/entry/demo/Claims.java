package io.pgcharter.entry.demo;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import java.util.ArrayList;
import java.util.List;

/// What the demonstration claims, each checked when it is made. Not thread-safe.
final class Claims {
    private final List<Claim> claims = new ArrayList<>();

    /// @param millis how long it took; 0 where that says nothing
    private record Claim(String text, boolean held, String evidence, long millis) {}

    void expect(String text, boolean held, String evidence, long millis) {
        claims.add(new Claim(text, held, evidence, millis));
    }

    boolean allHeld() {
        return !claims.isEmpty() && claims.stream().allMatch(Claim::held);
    }

    void show(Screen screen) {
        Table table = new Table(Column.left(""), Column.left("CLAIM"), Column.left("EVIDENCE"), Column.right("TIME"));
        for (Claim claim : claims) {
            table.row(
                    claim.held() ? new Cell("✓", Tone.GOOD) : new Cell("✗", Tone.BAD),
                    Cell.of(claim.text()),
                    Cell.of(claim.evidence()),
                    claim.millis() == 0 ? Cell.none() : Cell.of(Figures.duration(claim.millis())));
        }
        screen.table(table);
        long failed = claims.stream().filter(claim -> !claim.held()).count();
        if (failed == 0) {
            screen.line(Tone.GOOD, "all " + claims.size() + " claims hold");
        } else {
            screen.line(Tone.BAD, failed + " of " + claims.size() + " claims do not hold");
        }
    }
}
