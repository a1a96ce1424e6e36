package io.pgcharter.entry.corridor;

import java.time.Instant;

/// One entry of the journal, as faces show it.
///
/// @param number position in the journal, from 0
/// @param step `ASKED`, `DECIDED`, `BEGUN` or `ENDED`
/// @param run the run it belongs to
/// @param person who asked
/// @param verb the operation's label
/// @param target what the operation touches, as `database/NAME` or `repository/NAME`; empty if nothing
/// @param detail what was decided, with the reason; or how it ended
public record JournalLine(
        long number, Instant at, String step, String run, String person, String verb, String target, String detail) {}
