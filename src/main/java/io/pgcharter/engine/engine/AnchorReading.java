package io.pgcharter.engine.engine;

import io.pgcharter.engine.journal.Anchor;
import io.pgcharter.engine.journal.Anchors;
import io.pgcharter.engine.journal.Journal;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Holds the journal against its copies in the repositories.
final class AnchorReading {
    private final Map<RepositoryName, Anchors> places;

    AnchorReading(Map<RepositoryName, Anchors> places) {
        this.places = places;
    }

    /// Holds the journal against every anchor that can be read. One that cannot be read is said, never passed over.
    Report.JournalVerify verify(Journal journal) {
        List<Anchor> found = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        places.forEach((name, anchors) -> {
            try {
                found.addAll(anchors.read());
            } catch (ProblemException e) {
                // A repository that was never made holds no anchors; any other failure leaves us not knowing.
                if (e.problem().code() != ProblemCode.REPOSITORY_MISSING) {
                    unread.add("the anchors in repository '" + name + "' cannot be read: "
                            + e.problem().fact());
                }
            }
        });
        Report.JournalVerify report = journal.verify(found);
        List<String> breaks = new ArrayList<>(report.breaks());
        breaks.addAll(unread);
        return new Report.JournalVerify(
                report.size(),
                report.root(),
                report.checkpointedSize(),
                report.anchoredSize(),
                report.anchorCount(),
                breaks);
    }
}
