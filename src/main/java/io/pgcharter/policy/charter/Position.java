package io.pgcharter.policy.charter;

import org.snakeyaml.engine.v2.exceptions.Mark;

/// A place in the charter's text; line and column count from 1, the column in code points.
record Position(int line, int column) {
    static final Position START = new Position(1, 1);

    static Position of(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
