package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.Failure;
import io.pgcharter.model.estate.ListedBackup;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.estate.ServerCertificate;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.policy.charter.Charter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is known of one database's backups and of its server's certificate.
///
/// @param now the control database's time
/// @param listings how each repository was last listed
/// @param backups of the database in every repository, newest first
/// @param places where repositories are: two with the same text share their fate
/// @param cadence how often the schedule takes a backup; empty where it does not, or where the charter sets thresholds
/// @param failures of work on the database
public record DatabaseEstate(
        DatabaseName name,
        Charter charter,
        Instant now,
        Map<RepositoryName, Listing> listings,
        List<ListedBackup> backups,
        Map<RepositoryName, String> places,
        Optional<Duration> cadence,
        List<Failure> failures,
        ServerCertificate certificate) {
    public DatabaseEstate {
        listings = Map.copyOf(listings);
        backups = List.copyOf(backups);
        places = Map.copyOf(places);
        failures = List.copyOf(failures);
    }
}
