package io.pgcharter.entry.corridor;

import io.pgcharter.engine.journal.Entry;
import java.time.Instant;

/// One entry of the journal, as faces show it.
///
/// @param number position in the journal
/// @param step `ASKED`, `DECIDED`, `BEGUN` or `ENDED`
/// @param run the run it belongs to
/// @param person who asked
/// @param verb the operation's label
/// @param target the names of what the operation touches, separated by blanks; empty if nothing
/// @param detail what was decided, with the reason; or how it ended
public record JournalLine(
        long number, Instant at, String step, String run, String person, String verb, String target, String detail) {

    public static JournalLine of(Entry entry) {
        return new JournalLine(
                entry.sequence(),
                entry.time(),
                entry.step().name(),
                entry.run().text(),
                entry.actor().person(),
                entry.verb(),
                JournalText.target(entry.operation()),
                JournalText.detail(entry.details()));
    }
}
