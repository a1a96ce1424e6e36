package io.pgcharter.planted.entry.face;

import io.pgcharter.planted.engine.journal.Journal;

public final class Face {
    public void forge() {
        Journal journal = new Journal();
        journal.append("nothing happened");
    }
}
