package io.pgcharter.capability.schema;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Run;

/// A run that nobody watches and nobody stops.
final class QuietRun implements Run {
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
