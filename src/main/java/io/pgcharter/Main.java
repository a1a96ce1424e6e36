package io.pgcharter;

import io.pgcharter.entry.cli.Cli;
import io.pgcharter.entry.terminal.Screen;

/// Where the process begins.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Screen screen = Screen.ofProcess(
                System.getProperty("pgcharter.terminal", ""),
                System.getProperty("pgcharter.columns", ""),
                System.getenv("NO_COLOR") != null);
        Cli cli = new Cli(Wiring.shop(System.getenv()), screen);
        Ending ending = new Ending(cli::cancel);
        try {
            ending.end(cli.run(args));
        } finally {
            ending.over();
        }
    }
}
