package io.pgcharter.capability.watch;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.state.State;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/// The standing watch. Returns when its run is cancelled. The databases are divided among the runs that watch;
/// those of a node that died are taken over within a minute. Thread-safe.
public final class Watching {
    private static final Duration CHECK_PAUSE = Duration.ofMillis(200);

    private final Charter charter;
    private final Secrets secrets;
    private final State state;
    private final Checkbook checkbook;
    private final Node node;

    public Watching(Charter charter, Secrets secrets, State state, Checkbook checkbook, Node node) {
        this.charter = charter;
        this.secrets = secrets;
        this.state = state;
        this.checkbook = checkbook;
        this.node = node;
    }

    /// The machine that watches.
    ///
    /// @param name as leases show it
    /// @param chores what else is done in a rhythm, by one of the nodes that watch
    public record Node(String name, InstantSource clock, List<Chore> chores) {
        public Node {
            chores = List.copyOf(chores);
        }
    }

    /// Something to be done once for the installation, again and again: by the first of the nodes that watch.
    ///
    /// @param name as the log names it: `checks of backups`
    /// @param work is given what it calls now and then, and what throws if the watch is to end
    public record Chore(String name, Duration every, Consumer<Runnable> work) {}

    /// @throws ProblemException `LEASE_LOST` if the control database did not answer for too long
    public Report.Watch run(Permit permit, ServingOperation.Watch operation, Run run) {
        permit.consume(operation);
        Collection<DatabaseName> databases = List.copyOf(charter.databases().keySet());
        try (Watch watch = new Watch(new Watch.Parts(charter, secrets, state, checkbook, node), run)) {
            try {
                watch.begin();
                while (true) {
                    run.check();
                    watch.duties().begin(CHECK_PAUSE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return watch.report(databases.size());
            } catch (ProblemException e) {
                if (e.problem().code() == ProblemCode.CANCELLED) {
                    // This is how a watch ends when all is well.
                    return watch.report(databases.size());
                }
                throw e;
            }
        }
    }
}
