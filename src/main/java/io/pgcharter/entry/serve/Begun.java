package io.pgcharter.entry.serve;

/// A part that begins once and ends once, by two calls to something that has threads of its own.
public final class Begun implements Part {
    private final String name;
    private final Runnable begin;
    private final Runnable end;
    private boolean running;

    public Begun(String name, Runnable begin, Runnable end) {
        this.name = name;
        this.begin = begin;
        this.end = end;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized void start() {
        begin.run();
        running = true;
    }

    @Override
    public synchronized void close() {
        if (running) {
            running = false;
            end.run();
        }
    }
}
