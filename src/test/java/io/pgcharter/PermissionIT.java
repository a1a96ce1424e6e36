package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A repository that belongs to another OS user. Needs root, to be somebody else.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PermissionIT {
    private static final String PERSON = "games";

    private final Path directory = TestServers.directory();
    private final Path state = directory.resolve("state");
    private final Path vault = directory.resolve("vault");
    private final Path charter = directory.resolve("charter.yaml");
    private final Installation installation = Installation.shared();

    @BeforeAll
    void make() throws IOException {
        Files.createDirectory(state);
        shell("chown", PERSON, state.toString());
        Files.writeString(charter, """
                charter: 1
                environments: { production: {} }
                databases: { shop: { environment: production, url: "${env:SHOP_URL}" } }
                repositories:
                  vault: { path: %s, password: "${env:VAULT_PASSWORD}" }
                  second: { path: %s, password: "${env:VAULT_PASSWORD}" }
                backups: { shop: { to: [vault], retention: { last: 1 } } }
                """.formatted(vault, vault.resolve("below")));
        installation.variables().put("SHOP_URL", "postgres://nobody@127.0.0.1:1/none");
        installation.variables().put("VAULT_PASSWORD", "correct horse");
        installation.variables().put("PGCHARTER_CHARTER", charter.toString());
        installation
                .variables()
                .put(
                        "PGCHARTER_STATE_DIRECTORY",
                        directory.resolve("root-state").toString());
        assertThat(installation.run("repository", "init", "vault").code()).isZero();
    }

    private static void shell(String... words) {
        new Program(List.of(words), Map.of(), Optional.empty(), Duration.ofSeconds(20)).runOrThrow("by hand");
    }

    private Map<String, Long> files() throws IOException {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(vault)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file.toString(), Files.getLastModifiedTime(file).toMillis());
            }
        }
        return files;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "repository list vault",
                "repository check vault",
                "repository repair vault",
                "repository stats vault",
                "repository prune vault",
                "repository key list vault",
                "repository forget vault 0123abcd",
                "repository init second",
                "backups",
                "retention apply"
            })
    void what_may_not_be_read_is_said_and_left_as_it_is(String command) throws IOException {
        shell("chmod", "-R", "go-rwx", vault.toString());
        Map<String, Long> before = files();

        Installation.Ran ran = installation.runAs(PERSON, state, command.split(" "));

        assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(1);
        assertThat(ran.err())
                .contains("STORAGE_UNREACHABLE", vault.toString(), "denied", "remedy: ")
                .doesNotContain("Exception");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void what_may_only_be_read_is_read_and_not_changed() throws IOException {
        shell("chmod", "-R", "go+rX", vault.toString());
        Map<String, Long> before = files();

        for (String command : List.of("repository list vault", "repository check vault", "repository stats vault")) {
            Installation.Ran ran = installation.runAs(PERSON, state, command.split(" "));
            assertThat(ran.code()).as(command + ran.out() + ran.err()).isZero();
        }
        for (String command : List.of("repository prune vault", "repository repair vault", "retention apply")) {
            Installation.Ran ran = installation.runAs(PERSON, state, command.split(" "));
            assertThat(ran.code()).as(command + ran.out() + ran.err()).isEqualTo(1);
            assertThat(ran.err()).as(command).contains("STORAGE_UNREACHABLE", "denied");
        }
        assertThat(files()).isEqualTo(before);
    }
}
