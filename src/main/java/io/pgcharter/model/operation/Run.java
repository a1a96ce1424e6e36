package io.pgcharter.model.operation;

import io.pgcharter.model.id.RunId;

/// One run of one operation, as the capability that does the work sees it. Thread-safe.
public interface Run {
    RunId id();

    /// Begins a step and shows it. Steps may overlap.
    ///
    /// @param name what is done, as a person would say it: `copying tables`
    /// @param total how many units there are to do, 0 when nobody knows
    Step begin(String name, long total, Unit unit);

    /// Returns if the work may go on. Call it between pieces of work, at least once a second.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `CANCELLED` or `LEASE_LOST`
    void check();

    /// Like [#check()], and asks the control database that the lease is still held. Call it right before the commit
    /// point: what follows makes the work visible.
    void fence();

    /// Has another operation carried out as a part of this run, by the same person: judged and journaled like any
    /// other, cancelled with this one. What this run holds, the other must not want.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException what it failed of; `PART_REFUSED` if it was not allowed
    default Report submit(Operation part) {
        throw new IllegalStateException("this run has no parts: " + part.verb());
    }

    /// What a step counts.
    enum Unit {
        BYTES,
        ITEMS
    }

    /// One step of a run. Thread-safe.
    interface Step extends AutoCloseable {
        void add(long count);

        @Override
        void close();
    }
}
