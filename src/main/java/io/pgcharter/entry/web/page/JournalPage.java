package io.pgcharter.entry.web.page;

import io.pgcharter.entry.corridor.JournalLine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What happened, in order.
///
/// @param lines the newest first
/// @param verification the last one
/// @param older number of the entry to continue below; empty at the end
public record JournalPage(List<JournalLine> lines, Optional<Verification> verification, OptionalLong older)
        implements Page {
    public JournalPage {
        lines = List.copyOf(lines);
    }

    @Override
    public String title() {
        return "Journal";
    }

    @Override
    public String section() {
        return "journal";
    }

    /// What holding the journal against its checkpoints and anchors came to.
    ///
    /// @param entries how many there are
    /// @param anchored how many of them an anchor in a repository covers
    /// @param says in a sentence
    public record Verification(Instant at, boolean whole, long entries, long anchored, String says, String run) {}
}
