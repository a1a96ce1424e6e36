package io.pgcharter.policy.charter;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ScratchTest {
    @Test
    void show() throws Exception {
        try (var paths = Files.list(Path.of("/tmp/charters"))) {
            for (Path path : paths.sorted().toList()) {
                System.out.println("== " + path.getFileName());
                switch (Charters.parse(
                        Files.readAllBytes(path), path.getFileName().toString(), path.getParent())) {
                    case Charters.Parsed parsed -> parsed.warnings().forEach(System.out::println);
                    case Charters.Rejected rejected -> rejected.errors().forEach(System.out::println);
                }
            }
        }
    }
}
