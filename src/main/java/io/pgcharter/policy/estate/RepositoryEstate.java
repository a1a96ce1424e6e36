package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.Disk;
import io.pgcharter.model.estate.Failure;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.estate.RunEnd;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is known of one repository.
///
/// @param now the control database's time
/// @param listing how it was last listed; empty if it never was
/// @param oldest when its oldest backup was taken; empty if it has none
/// @param lastCheck the newest check that ended, whatever it found
/// @param lastWhole the newest check that was done
/// @param disk empty for a bucket
/// @param diskTrouble why its disk cannot be seen
/// @param failures of work on the repository that names no database
public record RepositoryEstate(
        RepositoryName name,
        Instant now,
        Optional<Listing> listing,
        Optional<Instant> oldest,
        Optional<RunEnd> lastCheck,
        Optional<RunEnd> lastWhole,
        Optional<Disk> disk,
        Optional<Problem> diskTrouble,
        List<Failure> failures) {
    public RepositoryEstate {
        failures = List.copyOf(failures);
    }
}
