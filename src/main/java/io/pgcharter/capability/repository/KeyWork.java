package io.pgcharter.capability.repository;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.RepositoryKeys;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.util.List;

/// The operations `repository key …`. Stateless and thread-safe.
public final class KeyWork {
    private final Charter charter;
    private final Repositories repositories;

    public KeyWork(Charter charter, Repositories repositories) {
        this.charter = charter;
        this.repositories = repositories;
    }

    public Report.RepositoryKeyList list(Permit permit, Operation.RepositoryKeyList operation, Run run) {
        permit.consume(operation);
        run.check();
        try (RepositoryKeys keys = keys(charter.repository(operation.repository()))) {
            return new Report.RepositoryKeyList(
                    operation.repository(),
                    keys.list().stream()
                            .map(key -> new Report.KeyRow(
                                    key.id(), key.createdAt(), key.user(), key.host(), key.isCurrent(), key.trouble()))
                            .toList());
        }
    }

    public Report.RepositoryKeyAdd add(Permit permit, Operation.RepositoryKeyAdd operation, Run run) {
        permit.consume(operation);
        try (RepositoryKeys keys = keys(charter.repository(operation.repository()))) {
            run.fence();
            return new Report.RepositoryKeyAdd(
                    operation.repository(), keys.add(repositories.password(operation.password())));
        }
    }

    public Report.RepositoryKeyRemove remove(Permit permit, Operation.RepositoryKeyRemove operation, Run run) {
        permit.consume(operation);
        try (RepositoryKeys keys = keys(charter.repository(operation.repository()))) {
            run.fence();
            return new Report.RepositoryKeyRemove(operation.repository(), keys.remove(operation.key()));
        }
    }

    public Report.RepositoryKeyRotate rotate(Permit permit, Operation.RepositoryKeyRotate operation, Run run) {
        permit.consume(operation);
        Charter.RepositoryPlace place = charter.repository(operation.repository());
        RepositoryKeys.Rotation rotation = rotated(place, operation.password(), run);
        return new Report.RepositoryKeyRotate(
                operation.repository(),
                rotation.added(),
                rotation.removed(),
                "'" + place.password() + "' opens " + operation.repository()
                        + " no longer: put the new password there, or"
                        + " write password: \"" + operation.password() + "\" for " + operation.repository() + " at "
                        + charter.where(place.line()));
    }

    private RepositoryKeys.Rotation rotated(Charter.RepositoryPlace place, SecretText password, Run run) {
        RepositoryKeys keys;
        try {
            keys = keys(place);
        } catch (ProblemException e) {
            if (e.problem().code() != ProblemCode.REPOSITORY_PASSWORD) {
                throw e;
            }
            return wasRotated(place, password, e);
        }
        try (keys) {
            run.fence();
            return keys.rotate(repositories.password(password));
        }
    }

    /// The charter's password opens it no longer. If the new one does, an earlier run came so far and was not heard of.
    private RepositoryKeys.Rotation wasRotated(
            Charter.RepositoryPlace place, SecretText password, ProblemException refusal) {
        try (RepositoryKeys keys = repositories.keys(place.storage(), password)) {
            return keys.list().stream()
                    .filter(RepositoryKeys.Key::isCurrent)
                    .findFirst()
                    .map(key -> new RepositoryKeys.Rotation(key.id(), List.of()))
                    .orElseThrow(() -> refusal);
        } catch (ProblemException e) {
            throw e.problem().code() == ProblemCode.REPOSITORY_PASSWORD ? refusal : e;
        }
    }

    private RepositoryKeys keys(Charter.RepositoryPlace place) {
        return repositories.keys(place.storage(), place.password());
    }
}
