package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.schema.Difference.Attribute;
import io.pgcharter.model.schema.Difference.Change;
import io.pgcharter.model.schema.Difference.How;
import io.pgcharter.model.schema.ProvenScript;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How schemas differ, for people: a line an object, and below it what of it differs.
final class ChangesText {
    private final Screen screen;

    ChangesText(Screen screen) {
        this.screen = screen;
    }

    /// A script that was asked for is all that is printed, so that it can go into a file.
    void show(SchemaReport.SchemaDiff diff) {
        diff.script().ifPresentOrElse(script -> script(script, diff.findings()), () -> changes(diff));
    }

    void show(SchemaReport.SchemaDrift drift) {
        String other = drift.other().map(DatabaseName::text).orElse("its migrations");
        if (drift.changes().isEmpty()) {
            good("the schema of " + drift.database() + " is that of " + other + ", fingerprint " + drift.fingerprint());
            return;
        }
        list(drift.changes());
        screen.aside(
                Tone.BAD, "✗", " " + drift.database() + " has drifted from " + other + ": " + counted(drift.changes()));
    }

    void show(SchemaReport.SchemaPush push) {
        push.script().losses().forEach(loss -> screen.aside(Tone.WARNING, "lost:", " " + loss));
        push.findings().forEach(finding -> screen.aside(Tone.WARNING, "lint:", " " + told(finding)));
        good(
                push.script().statements().isEmpty()
                        ? "nothing to do: the schema of " + push.target() + " is that of " + push.source()
                        : "the schema of " + push.target() + " is that of " + push.source() + " now, by "
                                + push.script().statements().size() + " statements in "
                                + push.script().steps().size() + " "
                                + (push.script().steps().size() == 1 ? "transaction" : "steps") + "; fingerprint "
                                + push.fingerprint());
    }

    private void changes(SchemaReport.SchemaDiff diff) {
        list(diff.changes());
        if (diff.changes().isEmpty()) {
            good("the schemas of " + diff.source() + " and " + diff.target() + " are equal");
        } else {
            screen.aside(counted(diff.changes()) + "; the script: pgcharter schema diff " + diff.source() + " "
                    + diff.target() + " --script");
        }
    }

    private void script(ProvenScript script, List<LintFinding> findings) {
        script.losses().forEach(loss -> screen.line("-- loses: " + loss.replace("\n", " ")));
        int above = script.losses().size() + findings.size();
        findings.forEach(finding -> screen.line("-- lint: line " + (above + finding.line()) + ", " + told(finding)));
        script.text().lines().forEach(screen::line);
    }

    private static String told(LintFinding finding) {
        return finding.severity().name().toLowerCase(Locale.ROOT) + " " + finding.rule() + ": " + finding.message();
    }

    private void good(String text) {
        screen.aside(Tone.GOOD, "✓", " " + text);
    }

    void list(List<Change> changes) {
        for (Change change : changes) {
            switch (change.how()) {
                case ADDED -> screen.line(screen.dress(Tone.GOOD, "+ " + change.name()));
                case REMOVED -> screen.line(screen.dress(Tone.BAD, "- " + change.name()));
                case CHANGED -> {
                    screen.line(screen.dress(Tone.WARNING, "~ " + change.name()));
                    change.attributes().forEach(this::attribute);
                }
            }
        }
    }

    private void attribute(Attribute attribute) {
        screen.line("    " + attribute.name());
        lines("      - ", attribute.before());
        lines("      + ", attribute.after());
    }

    private void lines(String mark, Optional<String> value) {
        value.ifPresent(text -> text.lines().forEach(line -> screen.line(mark + line)));
    }

    private static String counted(List<Change> changes) {
        return count(changes, How.ADDED) + " added, " + count(changes, How.REMOVED) + " removed, "
                + count(changes, How.CHANGED) + " changed";
    }

    private static long count(List<Change> changes, How how) {
        return changes.stream().filter(change -> change.how() == how).count();
    }
}
