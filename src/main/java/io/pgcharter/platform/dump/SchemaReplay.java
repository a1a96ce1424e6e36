package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.SqlScript.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/// Replays what `pg_dump` wrote, statement by statement: tolerant where the target may rightly differ (see
/// [Tolerance]), strict in everything else. Used by one thread.
final class SchemaReplay {
    /// Something the statement needs is not there yet, or another statement was in the way: it may succeed later.
    private static final Set<String> TRY_LATER =
            Set.of("42P01", "42883", "42704", "42703", "3F000", "40P01", "55P03", "55000");

    private final Supplier<Session> opener;
    private final int jobs;
    private final Run run;
    private final Selection selection;
    private final Tolerance tolerance = new Tolerance();

    SchemaReplay(Supplier<Session> opener, int jobs, Run run, Selection selection) {
        this.selection = selection;
        this.opener = opener;
        this.jobs = jobs;
        this.run = run;
    }

    List<String> notes() {
        return tolerance.notes();
    }

    /// Replays entries in their order, on one session.
    void inOrder(String step, List<TocEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        try (Session session = opener.get();
                Run.Step progress = run.begin(step, entries.size(), Unit.ITEMS)) {
            for (TocEntry entry : entries) {
                run.check();
                execute(session, entry);
                progress.add(1);
            }
        }
    }

    /// Replays the post-data section, but for event triggers: indexes side by side; what stands before the first
    /// foreign key, in order; foreign keys side by side; the rest in order.
    ///
    /// @param weight bytes of a table by its label (`schema.table`): the largest begin first
    /// @return the event triggers, for the caller to replay when all is done
    List<TocEntry> postData(List<TocEntry> entries, ToLongFunction<String> weight) {
        List<TocEntry> indexes = new ArrayList<>();
        List<TocEntry> beforeKeys = new ArrayList<>();
        List<TocEntry> keys = new ArrayList<>();
        List<TocEntry> afterKeys = new ArrayList<>();
        List<TocEntry> eventTriggers = new ArrayList<>();
        for (TocEntry entry : entries) {
            if (entry.isIndex()) {
                indexes.add(entry);
            } else if (entry.isForeignKey()) {
                keys.add(entry);
            } else if (entry.isEventTrigger()) {
                eventTriggers.add(entry);
            } else {
                (keys.isEmpty() ? beforeKeys : afterKeys).add(entry);
            }
        }
        // What could not be built because it needs a later entry takes its place in the script's order.
        Set<TocEntry> late = Collections.newSetFromMap(new IdentityHashMap<>());
        late.addAll(sideBySide("building indexes", indexes, weight));
        late.addAll(beforeKeys);
        inOrder("finishing tables", entries.stream().filter(late::contains).toList());
        inOrder("repeating foreign keys", sideBySide("checking foreign keys", keys, weight));
        inOrder("finishing schema", afterKeys);
        return eventTriggers;
    }

    /// @return the entries that have to be tried again, later
    private List<TocEntry> sideBySide(String step, List<TocEntry> entries, ToLongFunction<String> weight) {
        if (entries.isEmpty()) {
            return List.of();
        }
        Queue<TocEntry> again = new ConcurrentLinkedQueue<>();
        IndexQueue queue = new IndexQueue(entries, weight);
        try (Run.Step progress = run.begin(step, entries.size(), Unit.ITEMS)) {
            new Jobs<>(jobs, run, () -> new SessionWorker(opener.get())).carryOut(entries.size(), () -> {
                TocEntry entry = queue.take();
                return entry == null ? null : worker -> buildOne(worker.session(), entry, queue, again, progress);
            });
        }
        return List.copyOf(again);
    }

    private void buildOne(Session session, TocEntry entry, IndexQueue queue, Queue<TocEntry> again, Run.Step progress) {
        try {
            execute(session, entry);
            progress.add(1);
        } catch (ProblemException e) {
            if (!TRY_LATER.contains(Session.sqlState(e.problem()).orElse(""))) {
                throw e;
            }
            again.add(entry);
        } finally {
            queue.release(entry);
        }
    }

    private void execute(Session session, TocEntry entry) {
        for (Statement statement : entry.statements()) {
            try {
                tolerance.execute(session, statement);
            } catch (ProblemException e) {
                if (!selection.mayFail(
                        entry, statement, Session.sqlState(e.problem()).orElse(""))) {
                    throw e;
                }
                if (!entry.type().isEmpty()) { // else it is the value of one of many sequences
                    if (!entry.type().equals("INDEX ATTACH")) { // an index of a table that stayed behind
                        tolerance.count("definitions that need what was not chosen were left out");
                    }
                    return;
                }
            }
        }
    }
}
