package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.ClockDifference;
import io.pgcharter.model.estate.Disk;
import io.pgcharter.model.estate.Failure;
import io.pgcharter.model.estate.JournalTail;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.estate.NodeLoad;
import io.pgcharter.model.estate.OpenApproval;
import io.pgcharter.model.estate.RunEnd;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is known of pgcharter itself.
///
/// @param now the control database's time
/// @param listings how each repository was last listed
/// @param journal by what those listings say is anchored
/// @param lastVerification the newest verification of the journal that was done
/// @param controlBytes size of the control database
/// @param disk of this node's state directory
/// @param nodes those that have watched within the last five minutes
/// @param failures of work that names neither database nor repository
public record InstallationEstate(
        Instant now,
        List<Listing> listings,
        JournalTail journal,
        Optional<RunEnd> lastVerification,
        List<OpenApproval> approvals,
        ClockDifference clock,
        long controlBytes,
        Disk disk,
        List<NodeLoad> nodes,
        List<Failure> failures) {
    public InstallationEstate {
        listings = List.copyOf(listings);
        approvals = List.copyOf(approvals);
        nodes = List.copyOf(nodes);
        failures = List.copyOf(failures);
    }
}
