package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.CorridorFactory;
import io.pgcharter.entry.demo.Demo;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
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
        AtomicReference<@Nullable Corridor> shared = new AtomicReference<>();
        Demo demo = new Demo(
                desk.screen(),
                (variables, witness, words) -> {
                    CorridorFactory once = (file, secrets) -> {
                        Corridor corridor = shared.get();
                        if (corridor == null) {
                            corridor = shop.corridors().open(file, secrets);
                            shared.set(corridor);
                        }
                        return new KeptOpen(corridor);
                    };
                    return new Cli(shop.with(once, variables, witness), desk.screen()).run(words.toArray(String[]::new));
                },
                shop.binaries().get(),
                shop.clock());
        desk.cancellation().means(() -> {
            demo.cancel();
            Corridor corridor = shared.get();
            if (corridor != null) {
                corridor.cancelAll();
            }
        });
        return demo.run(shop.home().resolve(CHARTER), keep, () -> close(shared.get()))
                ? ExitCode.DONE
                : ExitCode.FAILED;
    }

    private static void close(@Nullable Corridor corridor) {
        if (corridor != null) {
            corridor.close();
        }
    }
}
