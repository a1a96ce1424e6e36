package io.pgcharter.platform.dump;

import io.pgcharter.platform.postgres.Session;

/// A session as a worker of [Jobs].
record SessionWorker(Session session) implements Jobs.Worker {
    @Override
    public void cancel() {
        session.cancel();
    }

    @Override
    public void close() {
        session.close();
    }
}
