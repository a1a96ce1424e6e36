package io.pgcharter.engine.engine;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.policy.guard.Context.Approval;
import io.pgcharter.policy.guard.Context.PendingRequest;
import io.pgcharter.policy.guard.Decision.NeedsApproval;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Requests that wait for approval, and the approvals given. A request is bound to one operation, to the letter,
/// and to one asker; it is used up by the run it allows.
final class Approvals {
    /// How long a request can be agreed to. How long an agreement holds is the charter's to say.
    private static final Duration REQUEST_LIFETIME = Duration.ofDays(7);

    private final Jdbi jdbi;
    private final SecureRandom random = new SecureRandom();

    Approvals(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// Agreements to exactly this operation by this asker that no run has used.
    List<Approval> given(Operation operation, String asker) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                SELECT a.person, a.given_at FROM pgcharter.approval a JOIN pgcharter.approval_request r ON r.id = a.request
                WHERE r.operation_hash = :hash AND r.asker = :asker AND r.used_at IS NULL ORDER BY a.given_at""")
                .bind("hash", OperationText.hash(operation))
                .bind("asker", asker)
                .map(row -> new Approval(row.getColumn(1, String.class), row.getColumn(2, Instant.class)))
                .list());
    }

    /// The id of the request for `decision`'s operation: the one that is open, or a new one. One that a charter made
    /// which asked for another role or number is not it: nobody could give it what is needed now.
    String request(NeedsApproval decision, String asker, Instant now) {
        return jdbi.inTransaction(handle -> {
            Optional<String> open = handle.createQuery("""
                    SELECT id FROM pgcharter.approval_request
                    WHERE operation_hash = :hash AND asker = :asker AND role = :role AND needed = :needed
                      AND used_at IS NULL AND expires_at > :now
                    ORDER BY asked_at DESC LIMIT 1""")
                    .bind("hash", OperationText.hash(decision.operation()))
                    .bind("asker", asker)
                    .bind("role", decision.role())
                    .bind("needed", decision.needed())
                    .bind("now", now.atOffset(ZoneOffset.UTC))
                    .mapTo(String.class)
                    .findOne();
            return open.orElseGet(() -> insert(handle, decision, asker, now));
        });
    }

    private String insert(Handle handle, NeedsApproval decision, String asker, Instant now) {
        byte[] bytes = new byte[4];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        handle.createUpdate("""
                INSERT INTO pgcharter.approval_request
                  (id, operation_hash, operation, asker, role, needed, asked_at, expires_at)
                VALUES (:id, :hash, :operation, :asker, :role, :needed, :now, :expires)""")
                .bind("id", id)
                .bind("hash", OperationText.hash(decision.operation()))
                .bind("operation", OperationText.of(decision.operation()))
                .bind("asker", asker)
                .bind("role", decision.role())
                .bind("needed", decision.needed())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("expires", now.plus(REQUEST_LIFETIME).atOffset(ZoneOffset.UTC))
                .execute();
        return id;
    }

    /// The open request of that id.
    Optional<PendingRequest> pending(String id) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                SELECT id, operation, asker, role, expires_at FROM pgcharter.approval_request
                WHERE id = :id AND used_at IS NULL""")
                .bind("id", id)
                .map(row -> new PendingRequest(
                        row.getColumn(1, String.class),
                        OperationText.operation(row.getColumn(2, String.class)),
                        row.getColumn(3, String.class),
                        row.getColumn(4, String.class),
                        row.getColumn(5, Instant.class)))
                .findOne());
    }

    /// How far a request is.
    record Standing(String operation, int given, int needed) {}

    /// Keeps a person's agreement; agreeing again renews it.
    Standing give(String request, String person, Instant now) {
        return jdbi.inTransaction(handle -> {
            handle.createUpdate("""
                    INSERT INTO pgcharter.approval (request, person, given_at) VALUES (:request, :person, :now)
                    ON CONFLICT (request, person) DO UPDATE SET given_at = excluded.given_at""")
                    .bind("request", request)
                    .bind("person", person)
                    .bind("now", now.atOffset(ZoneOffset.UTC))
                    .execute();
            return handle.createQuery("""
                    SELECT r.operation, (SELECT count(*) FROM pgcharter.approval a WHERE a.request = r.id), r.needed
                    FROM pgcharter.approval_request r WHERE r.id = :request""")
                    .bind("request", request)
                    .map(row -> new Standing(
                            row.getColumn(1, String.class),
                            row.getColumn(2, Integer.class),
                            row.getColumn(3, Integer.class)))
                    .one();
        });
    }

    /// Uses the open request for the operation up, in the transaction that begins the run.
    void use(Handle handle, Operation operation, String asker, Instant now) {
        handle.createUpdate("""
                UPDATE pgcharter.approval_request SET used_at = :now
                WHERE operation_hash = :hash AND asker = :asker AND used_at IS NULL""")
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("hash", OperationText.hash(operation))
                .bind("asker", asker)
                .execute();
    }
}
