package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.SecretText;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The plan, checked: every name resolves, every value is in range. Holds secret references, never secrets.
///
/// @param file the charter's path as the person gave it, for messages such as `charter.yaml:41`
/// @param approvers role to the people (login names) who hold it
/// @param sectionLines top-level key to its 1-based line; what the charter leaves out has none
public record Charter(
        String file,
        Map<EnvironmentName, Environment> environments,
        Map<DatabaseName, Database> databases,
        Map<RepositoryName, RepositoryPlace> repositories,
        Map<DatabaseName, BackupPlan> backups,
        Map<DatabaseName, VerificationPlan> verification,
        List<Flow> flows,
        Map<String, Set<String>> approvers,
        StatePlace state,
        Serving serving,
        Shaping shaping,
        Map<String, Integer> sectionLines) {
    /// Connections that work side by side where the charter says nothing.
    static final int JOBS_DEFAULT = 2;

    public Charter {
        environments = inOrder(environments);
        databases = inOrder(databases);
        repositories = inOrder(repositories);
        backups = inOrder(backups);
        verification = inOrder(verification);
        flows = List.copyOf(flows);
        Map<String, Set<String>> people = new LinkedHashMap<>();
        approvers.forEach((role, logins) -> people.put(role, Set.copyOf(logins)));
        approvers = inOrder(people);
        sectionLines = inOrder(sectionLines);
    }

    /// A charter of which nobody knows where its sections begin, and which does nothing by itself.
    public Charter(
            String file,
            Map<EnvironmentName, Environment> environments,
            Map<DatabaseName, Database> databases,
            Map<RepositoryName, RepositoryPlace> repositories,
            Map<DatabaseName, BackupPlan> backups,
            Map<DatabaseName, VerificationPlan> verification,
            List<Flow> flows,
            Map<String, Set<String>> approvers,
            StatePlace state) {
        this(
                file,
                environments,
                databases,
                repositories,
                backups,
                verification,
                flows,
                approvers,
                state,
                Serving.NONE,
                Shaping.NONE,
                Map.of());
    }

    /// @throws ProblemException `NOT_FOUND`, with the nearest name
    public Environment environment(EnvironmentName name) {
        return find(environments, name, "environment");
    }

    /// @throws ProblemException `NOT_FOUND`, with the nearest name
    public Database database(DatabaseName name) {
        return find(databases, name, "database");
    }

    /// @throws ProblemException `NOT_FOUND`, with the nearest name
    public RepositoryPlace repository(RepositoryName name) {
        return find(repositories, name, "repository");
    }

    /// Connections that work side by side on a database.
    public int jobs(DatabaseName name) {
        BackupPlan plan = backups.get(name);
        return plan == null ? JOBS_DEFAULT : plan.jobs();
    }

    /// Queries that must answer true on a restored copy of a database.
    public List<String> smoke(DatabaseName name) {
        VerificationPlan plan = verification.get(name);
        return plan == null ? List.of() : plan.smoke();
    }

    /// Where the backup is that stands behind releases to a database; empty if it has no backup plan.
    public Optional<RepositoryName> releaseRepository(DatabaseName name) {
        BackupPlan plan = backups.get(name);
        return shaping.migrations()
                .of(name)
                .flatMap(MigrationPlan.Migrations::release)
                .flatMap(ReleasePlan::repository)
                .or(() ->
                        plan == null ? Optional.empty() : Optional.of(plan.to().getFirst()));
    }

    /// `charter.yaml:41`
    public String where(int line) {
        return file + ":" + line;
    }

    /// Where a section begins, as `charter.yaml:41`; the file alone if the charter leaves it out.
    public String whereSection(String section) {
        Integer line = sectionLines.get(section);
        return line == null ? file : where(line);
    }

    /// The known name that was probably meant, as a sentence's end: ` — did you mean "prod"?`; or the names there are.
    public static String suggestion(Object wanted, Collection<?> known) {
        return Wording.instead(
                wanted.toString(), known.stream().map(Object::toString).toList());
    }

    private <N, V> V find(Map<N, V> things, N name, String kind) {
        V found = things.get(name);
        if (found == null) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "unknown " + kind + " '" + name + "'" + suggestion(name, things.keySet()),
                    file + " names no such " + kind,
                    "use a name that " + file + " has, or add it there");
        }
        return found;
    }

    /// An unmodifiable copy that keeps the order the team wrote things in.
    private static <K, V> Map<K, V> inOrder(Map<K, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /// @param isDisposable whether its databases may be dropped and made anew
    /// @param line 1-based line of the charter where the thing begins
    public record Environment(
            EnvironmentName name,
            boolean isProtected,
            boolean isDisposable,
            Optional<Set<EnvironmentName>> reaches,
            int line) {
        public Environment {
            reaches = reaches.map(Set::copyOf);
        }

        /// One whose databases are to stay.
        public Environment(
                EnvironmentName name, boolean isProtected, Optional<Set<EnvironmentName>> reaches, int line) {
            this(name, isProtected, false, reaches, line);
        }
    }

    /// @param url `postgres://…`, with references for what is secret
    public record Database(DatabaseName name, EnvironmentName environment, SecretText url, int line) {}

    /// @param storage where its files are; a directory is absolute, or a reference
    /// @param isAppendOnly whether nothing may ever be removed from it
    public record RepositoryPlace(
            RepositoryName name, StoragePlace storage, SecretText password, boolean isAppendOnly, int line) {}

    /// @param jobs connections that read in parallel, 1 to 32
    /// @param retention what to keep; empty for everything
    public record BackupPlan(
            DatabaseName database, List<RepositoryName> to, int jobs, Optional<Retention> retention, int line) {
        public BackupPlan {
            to = List.copyOf(to);
        }
    }

    /// Which backups of a database are kept; each rule keeps, none removes. The newest backup of each of so many days,
    /// weeks (from Monday), months and years, by the calendar of `zone`; 0 where a rule is not given.
    ///
    /// @param last so many of the newest
    /// @param within all that are younger
    /// @param minAge nothing younger is removed; zero where not given
    /// @param atLeast so many stay, whatever the other rules say; at least 1
    public record Retention(
            int last,
            int daily,
            int weekly,
            int monthly,
            int yearly,
            Duration within,
            Duration minAge,
            int atLeast,
            ZoneId zone,
            int line) {}

    /// @param smoke queries that must answer true on the restored copy; each returns one row with one boolean
    public record VerificationPlan(DatabaseName database, List<String> smoke, int line) {
        public VerificationPlan {
            smoke = List.copyOf(smoke);
        }
    }

    /// The only ways data may travel.
    ///
    /// @param because why, in the words of the team; empty if not said
    public record Flow(
            EnvironmentName from, EnvironmentName to, What what, Rule rule, Optional<String> because, int line) {}

    /// What travels along a flow.
    public enum What {
        DATA,
        SCHEMA,
        MASKED_DATA,
        MIGRATION
    }

    /// What the charter says to a flow.
    public sealed interface Rule {
        record Allow() implements Rule {}

        record Confirm() implements Rule {}

        /// @param count people other than the asker who must agree, at least 1
        /// @param role the role each of them must hold
        /// @param validFor how long an approval can be used
        record Approvals(int count, String role, Duration validFor) implements Rule {}

        record Deny() implements Rule {}
    }

    /// Where pgcharter keeps its own data.
    ///
    /// @param url a PostgreSQL database that several nodes share; empty for a private cluster
    /// @param directory where the private cluster and scratch servers live; empty for the user's state directory
    public record StatePlace(Optional<SecretText> url, Optional<String> directory) {}
}
