package io.pgcharter.capability.health;

import io.pgcharter.model.estate.Disk;
import io.pgcharter.model.estate.Failure;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.estate.ServerCertificate;
import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.inventory.Chronicle;
import io.pgcharter.platform.inventory.Disks;
import io.pgcharter.platform.inventory.Inventory;
import io.pgcharter.platform.inventory.InventoryRefresh;
import io.pgcharter.platform.inventory.ServerCertificates;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.state.State;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charter.RepositoryPlace;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Checkbook.Circumstances;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards;
import io.pgcharter.policy.estate.DatabaseEstate;
import io.pgcharter.policy.estate.EstateChecks;
import io.pgcharter.policy.estate.InstallationEstate;
import io.pgcharter.policy.estate.RepositoryEstate;
import io.pgcharter.policy.estate.RunChecks;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.JdbiException;

/// Judges what pgcharter looks after: backups, repositories, the journal, runs, certificates, disks, clocks.
/// Thread-safe.
public final class EstateReading {
    /// Certificates change rarely, and asking for one is a login.
    private static final Duration CERTIFICATE_KEPT = Duration.ofHours(1);

    private final Charter charter;
    private final Secrets secrets;
    private final Checkbook checkbook;
    private final Sources sources;
    private final InstantSource clock;
    private final Map<DatabaseName, SeenCertificate> certificates = new ConcurrentHashMap<>();

    /// @param clock this node's, which is held against the control database's
    public EstateReading(Charter charter, Secrets secrets, Checkbook checkbook, Sources sources, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.checkbook = checkbook;
        this.sources = sources;
        this.clock = clock;
    }

    /// Where it looks.
    ///
    /// @param directory this node's state directory
    public record Sources(Inventory inventory, InventoryRefresh refresh, Chronicle chronicle, Path directory) {
        public static Sources of(Repositories repositories, State state) {
            Inventory inventory = new Inventory(state);
            return new Sources(
                    inventory, new InventoryRefresh(repositories, inventory), new Chronicle(state), state.directory());
        }
    }

    private record SeenCertificate(Instant at, ServerCertificate certificate) {}

    /// The control database's time.
    public Instant now() {
        return sources.chronicle().now();
    }

    /// Lists each repository that no node has listed within `pause`.
    ///
    /// @param goOn called before each; throws if the work is to end
    public void refresh(Duration pause, Runnable goOn) {
        for (RepositoryPlace place : charter.repositories().values()) {
            goOn.run();
            sources.refresh().refresh(place.name(), place.storage(), place.password(), pause);
        }
        sources.refresh().keepOnly(charter.repositories().keySet());
    }

    /// Every check of every database, every repository and the installation, after a look at the repositories that are
    /// due for one. Where the control database is gone, a verdict that says so, and no other.
    ///
    /// @param pause how long a listing is good for @param goOn called now and then; throws if the work is to end
    public List<Verdict> all(Duration pause, Runnable goOn) {
        try {
            refresh(pause, goOn);
            List<Verdict> verdicts = new ArrayList<>();
            for (DatabaseName database : charter.databases().keySet()) {
                goOn.run();
                verdicts.addAll(database(database));
            }
            verdicts.addAll(installation());
            return verdicts;
        } catch (JdbiException e) {
            return judged(
                    Checkbook.INSTALLATION,
                    EstateChecks.withoutControlDatabase(String.valueOf(e.getMessage())),
                    clock.instant());
        }
    }

    /// The checks of one database's backups and of its server's certificate.
    public List<Verdict> database(DatabaseName name) {
        Instant now = now();
        String subject = "database/" + name;
        DatabaseEstate estate = new DatabaseEstate(
                name,
                charter,
                now,
                sources.inventory().listings(),
                sources.inventory().backups(name),
                places(),
                Optional.empty(),
                failures(subject),
                certificate(name));
        return judged(subject, EstateChecks.of(estate), now);
    }

    /// The checks of every repository and of the installation.
    public List<Verdict> installation() {
        Instant now = now();
        Map<RepositoryName, Listing> listings = sources.inventory().listings();
        List<Verdict> verdicts = new ArrayList<>();
        for (RepositoryPlace place : charter.repositories().values()) {
            Optional<Listing> listing = Optional.ofNullable(listings.get(place.name()));
            verdicts.addAll(
                    judged("repository/" + place.name(), EstateChecks.of(repository(place, listing, now)), now));
        }
        long anchored = listings.values().stream()
                .mapToLong(Listing::anchoredSize)
                .max()
                .orElse(0);
        InstallationEstate estate = new InstallationEstate(
                now,
                List.copyOf(listings.values()),
                sources.chronicle().journal(anchored),
                sources.chronicle().lastDone("journal verify", Optional.empty()),
                sources.chronicle().approvals(),
                sources.chronicle().clock(clock),
                sources.chronicle().bytes(),
                Disks.of(sources.directory()),
                failures(Checkbook.INSTALLATION));
        verdicts.addAll(judged(Checkbook.INSTALLATION, EstateChecks.of(estate), now));
        return verdicts;
    }

    private RepositoryEstate repository(RepositoryPlace place, Optional<Listing> listing, Instant now) {
        Optional<String> subject = Optional.of("repository/" + place.name());
        Optional<Disk> disk = Optional.empty();
        Optional<Problem> trouble = Optional.empty();
        try {
            disk = disk(place);
        } catch (ProblemException e) {
            trouble = Optional.of(e.problem());
        }
        return new RepositoryEstate(
                place.name(),
                now,
                listing,
                sources.inventory().oldest(place.name()),
                sources.chronicle().lastEnded("repository check", subject),
                sources.chronicle().lastDone("repository check", subject),
                disk,
                trouble,
                failures(subject.get()));
    }

    /// Work that names a database is said of the database, what is left is said of the repository it names.
    private List<Failure> failures(String subject) {
        return sources.chronicle().failures(RunChecks.VERBS).stream()
                .filter(failure -> failure.last().subjects().stream()
                        .findFirst()
                        .orElse(Checkbook.INSTALLATION)
                        .equals(subject))
                .toList();
    }

    /// What tells two places apart: the file system of a directory, the bucket and its service.
    private Map<RepositoryName, String> places() {
        Map<String, RepositoryName> firstOn = new LinkedHashMap<>();
        Map<RepositoryName, String> places = new HashMap<>();
        for (RepositoryPlace place : charter.repositories().values()) {
            String device = switch (place.storage()) {
                case StoragePlace.Directory _ -> device(place);
                case StoragePlace.Bucket bucket -> bucket.bucket() + " " + bucket.endpoint();
            };
            RepositoryName first = firstOn.computeIfAbsent(device, _ -> place.name());
            places.put(place.name(), "the place of repository '" + first + "'");
        }
        return places;
    }

    private String device(RepositoryPlace place) {
        try {
            return disk(place).map(Disk::device).orElse(place.name().text());
        } catch (ProblemException unseen) {
            return place.name().text();
        }
    }

    private Optional<Disk> disk(RepositoryPlace place) {
        if (!(place.storage() instanceof StoragePlace.Directory directory)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    Disks.of(Path.of(secrets.resolve(directory.path()).reveal())));
        } catch (InvalidPathException e) {
            // What is no path is said by the check of whether it can be listed.
            return Optional.empty();
        }
    }

    private ServerCertificate certificate(DatabaseName name) {
        Instant at = clock.instant();
        SeenCertificate seen = certificates.get(name);
        if (seen != null && seen.at().plus(CERTIFICATE_KEPT).isAfter(at)) {
            return seen.certificate();
        }
        ServerCertificate certificate = seeCertificate(name);
        if (!(certificate instanceof ServerCertificate.Unseen)) {
            certificates.put(name, new SeenCertificate(at, certificate));
        }
        return certificate;
    }

    private ServerCertificate seeCertificate(DatabaseName name) {
        try {
            return ServerCertificates.of(
                    PostgresUrl.parse(secrets.resolve(charter.database(name).url())));
        } catch (ProblemException e) {
            return new ServerCertificate.Unseen(
                    e.problem().code().name(), e.problem().fact(), e.problem().remedy());
        }
    }

    private List<Verdict> judged(String subject, Map<String, Answer> answers, Instant now) {
        Standards standards = charter.serving().watch().standards();
        Circumstances circumstances = new Circumstances(subject, standards, Declared.NOTHING, Map.of(), now);
        return answers.entrySet().stream()
                .filter(answer -> checkbook.isMade(answer.getKey(), standards))
                .map(answer -> checkbook.judge(answer.getKey(), answer.getValue(), circumstances))
                .toList();
    }
}
