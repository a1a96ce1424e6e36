package io.pgcharter.model.operation;

import io.pgcharter.model.id.RunId;

/// A run that nobody watches and nobody stops.
public final class QuietRun implements Run {
    @Override
    public RunId id() {
        return new RunId("quiet");
    }

    @Override
    public Step begin(String name, long total, Unit unit) {
        return new Step() {
            @Override
            public void add(long count) {
                // Nobody watches.
            }

            @Override
            public void close() {
                // Nothing was opened.
            }
        };
    }

    @Override
    public void check() {
        // Nobody stops it.
    }

    @Override
    public void fence() {
        // There is no lease to lose.
    }
}
