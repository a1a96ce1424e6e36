package io.pgcharter.entry.cli;

import io.pgcharter.entry.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description =
                "Show everything on three private PostgreSQL servers: a charter, backups under load, their proof, a copy,"
                        + " and what the charter forbids. Takes about a minute; leaves nothing behind.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter demo", "  pgcharter demo --keep"})
final class DemoCommand implements Action {
    @Option(names = "--keep", description = "Leave the servers running, and say how to go on from there.")
    boolean keep;

    @Override
    public int run(Desk desk) {
        Shop shop = desk.shop();
        return new Demo(desk.screen(), shop.corridors(), shop.clock(), shop.person()).run(keep)
                ? ExitCode.DONE
                : ExitCode.FAILED;
    }
}
