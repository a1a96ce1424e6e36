package io.pgcharter.capability.health;

import io.pgcharter.model.estate.Disk;
import io.pgcharter.model.estate.Failure;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.estate.NodeLoad;
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
import io.pgcharter.platform.inventory.JobChronicle;
import io.pgcharter.platform.inventory.ServerCertificates;
import io.pgcharter.platform.metrics.Measurement;
import io.pgcharter.platform.metrics.Metric;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.metrics.MetricHistory.Latest;
import io.pgcharter.platform.metrics.StatementHistory;
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
import io.pgcharter.policy.estate.BackupCadence;
import io.pgcharter.policy.estate.BackupPromise;
import io.pgcharter.policy.estate.DatabaseEstate;
import io.pgcharter.policy.estate.EstateChecks;
import io.pgcharter.policy.estate.InstallationEstate;
import io.pgcharter.policy.estate.RepositoryEstate;
import io.pgcharter.policy.estate.RunChecks;
import io.pgcharter.policy.estate.ScheduleEstate;
import io.pgcharter.policy.estate.StatementEstate;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.JdbiException;

/// Judges what pgcharter looks after: backups, repositories, the journal, runs, certificates, disks, clocks.
/// Thread-safe.
public final class EstateReading {
    /// Certificates change rarely, and asking for one is a login.
    private static final Duration CERTIFICATE_KEPT = Duration.ofHours(1);

    /// Processors that are busy for seconds only are what they are for.
    private static final Duration LOAD_MEASURED = Duration.ofMinutes(5);

    private static final String NODE = "node/";

    /// Statements over the limit that are listed.
    private static final int SLOW_MAX = 10;

    /// Each server that does not answer costs seconds, and there may be many.
    private static final Duration SILENT_KEPT = Duration.ofMinutes(10);

    private final Charter charter;
    private final Secrets secrets;
    private final Checkbook checkbook;
    private final Sources sources;
    private final InstantSource clock;
    private final PoolerLooks poolers;
    private final Map<DatabaseName, SeenCertificate> certificates = new ConcurrentHashMap<>();

    /// @param clock this node's, which is held against the control database's
    public EstateReading(Charter charter, Secrets secrets, Checkbook checkbook, Sources sources, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.checkbook = checkbook;
        this.sources = sources;
        this.clock = clock;
        this.poolers = new PoolerLooks(charter.serving().pools(), secrets);
    }

    /// Where it looks.
    ///
    /// @param directory this node's state directory
    public record Sources(
            Inventory inventory,
            InventoryRefresh refresh,
            Chronicle chronicle,
            JobChronicle jobs,
            MetricHistory metrics,
            StatementHistory statements,
            Path directory) {
        public static Sources of(Repositories repositories, State state) {
            Inventory inventory = new Inventory(state);
            return new Sources(
                    inventory,
                    new InventoryRefresh(repositories, inventory),
                    new Chronicle(state),
                    new JobChronicle(state),
                    new MetricHistory(state),
                    new StatementHistory(state),
                    state.directory());
        }
    }

    /// What all databases and repositories have in common, read once for all of them.
    ///
    /// @param failures of whatever work @param measured by subject
    private record Common(
            Instant now,
            Map<RepositoryName, Listing> listings,
            Map<RepositoryName, String> places,
            List<Failure> failures,
            Map<String, Latest> measured,
            BackupCadence cadence) {

        /// Work that names a database is said of the database, what is left is said of the repository it names.
        List<Failure> failuresOf(String subject) {
            return failures.stream()
                    .filter(failure -> failure.last().subjects().stream()
                            .findFirst()
                            .orElse(Checkbook.INSTALLATION)
                            .equals(subject))
                    .toList();
        }
    }

    private Common common() {
        Instant now = now();
        return new Common(
                now,
                sources.inventory().listings(),
                places(),
                sources.chronicle().failures(RunChecks.VERBS),
                sources.metrics().latest(),
                new BackupCadence(charter.serving().schedule(), now));
    }

    private record SeenCertificate(Instant at, ServerCertificate certificate) {
        boolean isSilent() {
            return certificate instanceof ServerCertificate.Unseen;
        }
    }

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
    /// due for one.
    ///
    /// @param pause how long a listing is good for @param goOn called now and then; throws if the work is to end
    /// @throws JdbiException if the control database is gone
    public List<Verdict> all(Duration pause, Runnable goOn) {
        refresh(pause, goOn);
        Common common = common();
        List<Verdict> verdicts = new ArrayList<>();
        for (DatabaseName database : charter.databases().keySet()) {
            goOn.run();
            verdicts.addAll(database(database, common, SILENT_KEPT));
        }
        verdicts.addAll(installation(common));
        return verdicts;
    }

    /// The checks of one database's backups, of its statements and of its server's certificate.
    public List<Verdict> database(DatabaseName name) {
        return database(name, common(), Duration.ZERO);
    }

    /// @param silentKept how long a server that showed no certificate is not asked again
    private List<Verdict> database(DatabaseName name, Common common, Duration silentKept) {
        String subject = "database/" + name;
        DatabaseEstate estate = new DatabaseEstate(
                name,
                charter,
                common.now(),
                common.listings(),
                sources.inventory().backups(name),
                common.places(),
                BackupPromise.scheduled(charter, common.cadence(), name),
                common.failuresOf(subject),
                certificate(name, silentKept));
        Map<String, Answer> answers = EstateChecks.of(estate);
        answers.putAll(EstateChecks.of(statements(name, common)));
        return judged(subject, answers, common.now());
    }

    /// The checks of every repository and of the installation.
    public List<Verdict> installation() {
        return installation(common());
    }

    private List<Verdict> installation(Common common) {
        Instant now = common.now();
        Map<RepositoryName, Listing> listings = common.listings();
        List<Verdict> verdicts = new ArrayList<>();
        for (RepositoryPlace place : charter.repositories().values()) {
            verdicts.addAll(judged("repository/" + place.name(), EstateChecks.of(repository(place, common)), now));
        }
        long anchored = listings.values().stream()
                .mapToLong(Listing::anchoredSize)
                .max()
                .orElse(0);
        Chronicle chronicle = sources.chronicle();
        InstallationEstate estate = new InstallationEstate(
                now,
                List.copyOf(listings.values()),
                chronicle.journal(anchored),
                chronicle.lastDone("journal verify", Optional.empty()),
                chronicle.approvals(),
                chronicle.clock(clock),
                chronicle.bytes(),
                Disks.of(sources.directory()),
                nodes(common),
                common.failuresOf(Checkbook.INSTALLATION));
        Map<String, Answer> answers = EstateChecks.of(estate);
        answers.putAll(EstateChecks.of(new ScheduleEstate(
                now,
                charter.serving().schedule(),
                sources.jobs().troubles(),
                sources.jobs().overdue(),
                sources.jobs().serving())));
        answers.putAll(EstateChecks.of(poolers.look(clock.instant())));
        verdicts.addAll(judged(Checkbook.INSTALLATION, answers, now));
        return verdicts;
    }

    private StatementEstate statements(DatabaseName name, Common common) {
        Optional<Latest> latest = Optional.ofNullable(common.measured().get(Measurement.subject(name)));
        Duration limit = charter.serving().watch().slowQuery();
        return new StatementEstate(
                latest.map(Latest::age),
                latest.map(found -> found.measures().of(Metric.STATEMENTS_PER_SECOND))
                        .orElseGet(OptionalDouble::empty),
                latest.map(found -> found.measures().of(Metric.STATEMENT_P95_SECONDS))
                        .orElseGet(OptionalDouble::empty),
                latest.isEmpty() ? List.of() : sources.statements().slow(name, limit, SLOW_MAX),
                limit);
    }

    /// Nodes that have watched lately, by the mean of what they measured.
    private List<NodeLoad> nodes(Common common) {
        Instant from = common.now().minus(LOAD_MEASURED);
        return common.measured().values().stream()
                .filter(latest ->
                        latest.subject().startsWith(NODE) && latest.age().compareTo(LOAD_MEASURED) < 0)
                .sorted(Comparator.comparing(Latest::subject))
                .flatMap(latest ->
                        sources
                                .metrics()
                                .series(latest.subject(), Metric.NODE_CPU_RATIO, from, common.now(), 1)
                                .stream()
                                .map(point ->
                                        new NodeLoad(latest.subject().substring(NODE.length()), 100 * point.mean())))
                .toList();
    }

    private RepositoryEstate repository(RepositoryPlace place, Common common) {
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
                common.now(),
                Optional.ofNullable(common.listings().get(place.name())),
                sources.inventory().oldest(place.name()),
                sources.chronicle().lastEnded("repository check", subject),
                sources.chronicle().lastDone("repository check", subject),
                disk,
                trouble,
                common.failuresOf(subject.get()));
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

    private ServerCertificate certificate(DatabaseName name, Duration silentKept) {
        Instant at = clock.instant();
        SeenCertificate seen = certificates.get(name);
        if (seen != null
                && seen.at()
                        .plus(seen.isSilent() ? silentKept : CERTIFICATE_KEPT)
                        .isAfter(at)) {
            return seen.certificate();
        }
        ServerCertificate certificate = seeCertificate(name);
        certificates.put(name, new SeenCertificate(at, certificate));
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
