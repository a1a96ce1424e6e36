package io.pgcharter.capability.watch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// How many servers are talked to at once. Who did not answer quickly the last time goes by a lane of its own, so
/// that databases that hang, however many, delay nobody else. Thread-safe.
final class Lanes {
    static final int QUICK = 32;
    static final int SLOW = 64;

    /// Checks ask for longer than samples do, and must not stand in their way.
    static final int CHECKS = 8;

    /// One server is not met by more than so many new connections at once, however many of its databases are
    /// watched.
    static final int CONNECTING_PER_SERVER = 4;

    /// Of one server's databases so many have their checks made at once. What is measured does not wait for them.
    static final int CHECKED_PER_SERVER = 2;

    /// Sessions that are kept open between samples, in all. The others are opened for each sample.
    static final int KEPT = 1_000;

    static final int KEPT_PER_SERVER = 20;

    private final Semaphore quick = new Semaphore(QUICK, true);
    private final Semaphore slow = new Semaphore(SLOW, true);
    private final Semaphore checks = new Semaphore(CHECKS, true);
    private final Semaphore kept = new Semaphore(KEPT);
    private final Map<String, Server> servers = new ConcurrentHashMap<>();

    /// What is counted for one server.
    private static final class Server {
        private final Semaphore connecting = new Semaphore(CONNECTING_PER_SERVER, true);
        private final Semaphore checked = new Semaphore(CHECKED_PER_SERVER, true);
        private final Semaphore kept = new Semaphore(KEPT_PER_SERVER);
    }

    private Server server(String name) {
        return servers.computeIfAbsent(name, _ -> new Server());
    }

    /// Something taken, which closing gives back.
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    Place quick() throws InterruptedException {
        return taken(quick);
    }

    Place slow() throws InterruptedException {
        return taken(slow);
    }

    Place checks() throws InterruptedException {
        return taken(checks);
    }

    /// @param server as `db.example.com:5432`
    Place connecting(String server) throws InterruptedException {
        return taken(server(server).connecting);
    }

    /// @param server as `db.example.com:5432`
    Place checked(String server) throws InterruptedException {
        return taken(server(server).checked);
    }

    private static Place taken(Semaphore semaphore) throws InterruptedException {
        semaphore.acquire();
        return semaphore::release;
    }

    /// Whether one more session may stay open. If so, [#forget] gives the place back.
    boolean keep(String server) {
        if (!kept.tryAcquire()) {
            return false;
        }
        if (server(server).kept.tryAcquire()) {
            return true;
        }
        kept.release();
        return false;
    }

    void forget(String server) {
        server(server).kept.release();
        kept.release();
    }
}
