package io.pgcharter.planted.engine.journal;

/// A journal that anybody could write.
public final class Journal {
    public void append(String entry) {}
}
