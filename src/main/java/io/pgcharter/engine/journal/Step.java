package io.pgcharter.engine.journal;

/// The four things that are recorded of a run, in this order.
public enum Step {
    ASKED,
    DECIDED,
    BEGUN,
    ENDED
}
