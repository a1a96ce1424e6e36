package io.pgcharter.capability.migrate;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.operation.SchemaOperation.MigrateResolve.Standing;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.policy.migration.Ledger;
import io.pgcharter.policy.migration.Ledger.Entry;
import java.util.List;

/// Which words of a person about a migration can be true.
final class Resolution {
    private Resolution() {}

    /// @throws ProblemException `MIGRATIONS_DIVERGED` if it cannot stand as it is said to
    static void require(Ground ground, Ledger ledger, Entry entry, Standing said) {
        String status = "pgcharter migrate status " + ground.database();
        switch (said) {
            case APPLIED -> {
                switch (entry.standing()) {
                    case FAILED, EDITED, OUT_OF_ORDER, CHANGED -> {
                        if (entry.migration().isEmpty()) {
                            throw refusal(entry, "there is no file of it", "bring the file back, then say so again");
                        }
                    }
                    case PENDING -> requireNext(ground, ledger, entry);
                    case APPLIED, BASELINED -> throw refusal(entry, "the history says so already", status);
                    case MISSING -> throw refusal(entry, "there is no file of it", "bring the file back; " + status);
                }
            }
            case ROLLED_BACK -> {
                switch (entry.standing()) {
                    case FAILED, MISSING -> {
                        // That is what the word is for.
                    }
                    case APPLIED, BASELINED, EDITED, CHANGED ->
                        throw refusal(
                                entry,
                                "only what failed or has no file can be said to be gone",
                                "to undo it: pgcharter migrate down " + ground.database());
                    case PENDING, OUT_OF_ORDER -> throw refusal(entry, "the database does not have it", status);
                }
            }
        }
    }

    /// What is settled before its turn would put those before it out of order.
    private static void requireNext(Ground ground, Ledger ledger, Entry entry) {
        List<Migration> due = ledger.due();
        String next = due.getFirst().name();
        if (!next.equals(entry.name())
                && due.getFirst().kind() == entry.migration().orElseThrow().kind()) {
            throw refusal(
                    entry,
                    "'" + next + "' comes before it, and would be out of order",
                    "pgcharter migrate resolve " + ground.database() + " " + next + " --applied");
        }
    }

    private static ProblemException refusal(Entry entry, String cause, String remedy) {
        return new ProblemException(
                ProblemCode.MIGRATIONS_DIVERGED,
                "migration '" + entry.name() + "' is " + Account.word(entry.standing()) + ", and stays so",
                cause,
                remedy);
    }
}
