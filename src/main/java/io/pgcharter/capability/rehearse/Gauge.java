package io.pgcharter.capability.rehearse;

import io.pgcharter.policy.migration.Passage.Step;

/// How statements are run: measured or not.
interface Gauge {
    /// Begins a transaction.
    ///
    /// @param sql that does so
    void begin(String sql);

    /// Runs a step in the transaction that is open.
    void within(Step step);

    /// Runs a step that is a transaction of its own, or stands outside of any.
    void alone(Step step);

    /// Ends the transaction.
    ///
    /// @param line of the file; 0 if it does not say so itself
    void commit(int line, String sql);

    /// Runs them and measures nothing.
    record Unread(Stage stage) implements Gauge {
        @Override
        public void begin(String sql) {
            stage.work(sql);
        }

        @Override
        public void within(Step step) {
            stage.work(step.sql());
        }

        @Override
        public void alone(Step step) {
            stage.work(step.sql());
        }

        @Override
        public void commit(int line, String sql) {
            stage.work(sql);
        }
    }
}
