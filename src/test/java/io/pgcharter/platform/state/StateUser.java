package io.pgcharter.platform.state;

import io.pgcharter.platform.sandbox.PostgresBinaries;
import java.io.IOException;
import java.nio.file.Path;

/// A process that opens the private state, writes a row once it hears something, and leaves in order.
final class StateUser {
    private StateUser() {}

    /// @param arguments state directory, directory of the installed servers, id of the row
    public static void main(String[] arguments) throws IOException {
        Path none = Path.of(arguments[0], "none");
        PostgresBinaries binaries = new PostgresBinaries(Path.of(arguments[1]), none, none);
        try (State state = State.open(Path.of(arguments[0]), binaries)) {
            System.out.println("open");
            System.in.read();
            write(state, arguments[2]);
        }
        System.out.println("closed");
    }

    /// Keeps a row in the engine's own tables.
    static void write(State state, String id) {
        state.jdbi().useHandle(handle -> handle.execute("""
                insert into pgcharter.run (id, verb, operation, person, node, process, process_started)
                values (?, 'test', '{}', 'nobody', 'test', 1, now())""", id));
    }
}
