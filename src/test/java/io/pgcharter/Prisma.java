package io.pgcharter;

import io.pgcharter.platform.postgres.PostgresUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The real Prisma, from the packages that `src/test/npm` pins, on a project directory of its own below `target`.
///
/// It runs without the engines that it would download: its engine for migrations as WebAssembly goes through its
/// driver for PostgreSQL. That driver does not know three types of the catalogs that this engine asks for; they are
/// added to the installed copy.
final class Prisma implements AutoCloseable {
    private static final Path HOME =
            Path.of(System.getProperty("pgcharter.home", ".")).toAbsolutePath();
    private static final Path INSTALLED = HOME.resolve("target/prisma");

    private static final String TYPES_BEGIN = "switch (fieldTypeId) {";
    /// `name` and `char` and arrays of `name`, as its text, character and text array.
    private static final String TYPES_ADDED =
            TYPES_BEGIN + " case 19: return 7; case 18: return 8; case 1003: return 71;";

    private static final String SCHEMA = """
            datasource db {
              provider = "postgresql"
              url      = "postgresql://unused"
            }
            """;

    private static final String CONFIGURATION = """
            import { PrismaPg } from '@prisma/adapter-pg'
            export default {
              engine: 'js',
              experimental: { adapter: true },
              schema: 'schema.prisma',
              migrations: { path: 'migrations' },
              async adapter() {
                const { PGHOST, PGPORT, PGDATABASE, PGUSER } = process.env
                return new PrismaPg({ host: PGHOST, port: Number(PGPORT), database: PGDATABASE, user: PGUSER })
              },
            }
            """;

    private final Path directory;

    /// What a command ended with.
    record Answer(int code, String text) {}

    private Prisma(Path directory) {
        this.directory = directory;
    }

    /// A new project; installs Prisma first, if it is not.
    static Prisma project() {
        try {
            install();
            Path directory = Files.createTempDirectory(INSTALLED, "project-");
            Files.writeString(directory.resolve("schema.prisma"), SCHEMA);
            Files.writeString(directory.resolve("prisma.config.ts"), CONFIGURATION);
            Prisma project = new Prisma(directory);
            project.file("migration_lock.toml", "provider = \"postgresql\"\n");
            return project;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void install() throws IOException {
        Files.createDirectories(INSTALLED);
        Path lock = HOME.resolve("src/test/npm/package-lock.json");
        Path done = INSTALLED.resolve("installed.json");
        try (FileChannel turn = FileChannel.open(
                        INSTALLED.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = turn.lock()) {
            if (Files.exists(done) && Files.mismatch(lock, done) < 0) {
                return;
            }
            for (String file : List.of("package.json", "package-lock.json")) {
                Files.copy(lock.resolveSibling(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            Answer installed = run(
                    INSTALLED,
                    Map.of(),
                    List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"));
            if (installed.code() != 0) {
                throw new AssertionError("npm could not install Prisma: " + installed.text());
            }
            for (String file : List.of("index.js", "index.mjs")) {
                Path driver = INSTALLED
                        .resolve("node_modules/@prisma/adapter-pg/dist")
                        .resolve(file);
                Files.writeString(driver, Files.readString(driver).replace(TYPES_BEGIN, TYPES_ADDED));
            }
            Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    Path migrations() {
        return directory.resolve("migrations");
    }

    /// Writes a file below `migrations`.
    void file(String name, String text) {
        try {
            Path file = migrations().resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs `prisma migrate` with these words.
    Answer migrate(PostgresUrl url, String... words) {
        List<String> command = new ArrayList<>(
                List.of(INSTALLED.resolve("node_modules/.bin/prisma").toString(), "migrate"));
        command.addAll(List.of(words));
        Map<String, String> variables = Map.of(
                "PGHOST",
                url.host(),
                "PGPORT",
                Integer.toString(url.port()),
                "PGDATABASE",
                url.database(),
                "PGUSER",
                url.user(),
                // It looks for these, does not use them, and would download them.
                "PRISMA_SCHEMA_ENGINE_BINARY",
                "/bin/true",
                "PRISMA_QUERY_ENGINE_LIBRARY",
                "/bin/true",
                "CHECKPOINT_DISABLE",
                "1",
                "PRISMA_HIDE_UPDATE_MESSAGE",
                "1");
        return run(directory, variables, command);
    }

    private static Answer run(Path directory, Map<String, String> variables, List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(variables);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it did not end: " + command);
            }
            return new Answer(process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        Scene.delete(directory);
    }
}
