package io.pgcharter.platform.postgres;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Ends a connection on which the server keeps silent for too long: a watching thread closes the transport, and the
/// thread that waits gets an [IOException]. Without a limit it does nothing.
final class Silence {
    private final Transport transport;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /// When the present wait began; 0 while nobody waits.
    private volatile long sinceNanos;
    private volatile long limitNanos;
    private volatile boolean expired;
    private boolean watching;
    private boolean closed;

    Silence(Transport transport) {
        this.transport = transport;
    }

    /// Sets the limit; zero is none.
    void limit(Duration limit) {
        lock.lock();
        try {
            limitNanos = limit.toNanos();
            if (!watching && limitNanos > 0 && !closed) {
                watching = true;
                Thread.ofVirtual().name("pgcharter-silence").start(this::watch);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Duration limit() {
        return Duration.ofNanos(limitNanos);
    }

    /// Somebody waits for the server from now on.
    void begin() {
        if (limitNanos > 0) {
            sinceNanos = System.nanoTime() | 1;
        }
    }

    /// Nobody waits any more.
    void end() {
        sinceNanos = 0;
    }

    /// Whether the limit was reached and the transport closed for it.
    boolean expired() {
        return expired;
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void watch() {
        lock.lock();
        try {
            while (!closed && limitNanos > 0) {
                long since = sinceNanos;
                long leftNanos = since == 0 ? limitNanos : limitNanos - (System.nanoTime() - since);
                if (leftNanos <= 0) {
                    expired = true;
                    closed = true;
                    closeTransport();
                } else {
                    long unusedNanos = changed.awaitNanos(leftNanos);
                }
            }
            watching = false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void closeTransport() {
        try {
            transport.close();
        } catch (IOException alreadyBroken) {
            // The thread that waits meets the broken transport itself and reports it.
            expired = true;
        }
    }
}
