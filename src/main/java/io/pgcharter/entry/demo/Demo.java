package io.pgcharter.entry.demo;

import io.pgcharter.entry.corridor.CorridorFactory;
import io.pgcharter.entry.terminal.Screen;
import java.time.InstantSource;
import java.util.function.Supplier;

public final class Demo {
    public Demo(Screen screen, CorridorFactory corridors, InstantSource clock, Supplier<String> person) {}

    public boolean run(boolean keep) {
        return keep;
    }
}
