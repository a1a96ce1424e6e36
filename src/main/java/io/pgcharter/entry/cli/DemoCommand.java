package io.pgcharter.entry.cli;

import io.pgcharter.entry.demo.Demo;
import java.util.concurrent.atomic.AtomicReference;
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
    private static final String CHARTER = "examples/finatrades/charter.yaml";

    @Option(names = "--keep", description = "Leave the servers running, and say how to go on from there.")
    boolean keep;

    @Override
    public int run(Desk desk) {
        Shop shop = desk.shop();
        AtomicReference<Runnable> current = new AtomicReference<>(() -> {});
        Demo demo = new Demo(
                desk.screen(),
                (variables, witness, words) -> {
                    Cli cli = new Cli(shop.with(variables, witness), desk.screen());
                    current.set(cli::cancel);
                    return cli.run(words.toArray(String[]::new));
                },
                shop.binaries().get(),
                shop.clock());
        desk.cancellation().means(() -> {
            demo.cancel();
            Desk.given(current.get()).run();
        });
        return demo.run(shop.home().resolve(CHARTER), keep) ? ExitCode.DONE : ExitCode.FAILED;
    }
}
