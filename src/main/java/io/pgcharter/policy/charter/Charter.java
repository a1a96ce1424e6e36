package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.secret.SecretText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The plan, checked: every name resolves, every value is in range. Holds secret references, never secrets.
///
/// @param file the charter's path as the person gave it, for messages such as `charter.yaml:41`
/// @param approvers role to the people (login names) who hold it
public record Charter(
        String file,
        Map<EnvironmentName, Environment> environments,
        Map<DatabaseName, Database> databases,
        Map<RepositoryName, RepositoryPlace> repositories,
        Map<DatabaseName, BackupPlan> backups,
        Map<DatabaseName, VerificationPlan> verification,
        List<Flow> flows,
        Map<String, Set<String>> approvers,
        StatePlace state) {

    /// @param line 1-based line of the charter where the thing begins
    public record Environment(
            EnvironmentName name, boolean isProtected, Optional<Set<EnvironmentName>> reaches, int line) {}

    /// @param url `postgres://…`, with references for what is secret
    public record Database(DatabaseName name, EnvironmentName environment, SecretText url, int line) {}

    /// @param path directory of the repository (`file` storage), as written in the charter, made absolute against the
    ///     charter's own directory
    public record RepositoryPlace(RepositoryName name, SecretText path, SecretText password, int line) {}

    /// @param jobs connections that read in parallel, 1 to 32
    public record BackupPlan(DatabaseName database, List<RepositoryName> to, int jobs, int line) {}

    /// @param smoke queries that must answer true on the restored copy; each returns one row with one boolean
    public record VerificationPlan(DatabaseName database, List<String> smoke, int line) {}

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
