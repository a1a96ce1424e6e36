package io.pgcharter.entry.cli;

/// What an interruption means at the moment. Thread-safe.
final class Cancellation {
    private Runnable action = () -> {};

    synchronized void means(Runnable newAction) {
        action = newAction;
    }

    void run() {
        Runnable current;
        synchronized (this) {
            current = action;
        }
        current.run();
    }
}
