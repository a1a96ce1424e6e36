package io.pgcharter.platform.sandbox;

import io.pgcharter.platform.postgres.PostgresUrl;

/// Makes scratch servers below one directory. Thread-safe, and safe beside other processes on the same directory.
public final class Sandboxes {
    private Sandboxes() {}

    /// Makes and starts a server of `major`, or of the nearest newer major there are binaries for. It listens on a Unix
    /// socket and on loopback only, runs without fsync, and is destroyed by closing it.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `PROGRAM_MISSING` with the package to install
    public Sandbox start(int major) {
        throw new IllegalStateException("not built yet");
    }

    /// A running scratch server.
    public interface Sandbox extends AutoCloseable {
        int major();

        /// The superuser's URL, database `postgres`.
        PostgresUrl url();

        @Override
        void close();
    }
}
