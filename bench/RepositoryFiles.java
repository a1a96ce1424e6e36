import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.repository.Chunking;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotReader;
import io.pgcharter.platform.repository.SnapshotWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// The repository alone, without databases: files in and out, as repository.sh measures it. The password is in
/// `$RESTIC_PASSWORD`.
///
/// `init REPOSITORY`, `backup REPOSITORY DIRECTORY`, `restore REPOSITORY DIRECTORY` (the newest snapshot), `change DIRECTORY`.
final class RepositoryFiles {
    private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());
    private static final int PIECE_BYTES = 1024 * 1024;
    private static final String TEXT = ".copy";

    private RepositoryFiles() {}

    public static void main(String[] arguments) throws Exception {
        Path place = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "init" -> Repository.init(place, password()).close();
            case "backup" -> backup(place, Path.of(arguments[2]));
            case "restore" -> restore(place, Path.of(arguments[2]));
            case "change" -> change(place);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static Secret password() {
        return new Secret(System.getenv("RESTIC_PASSWORD"));
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            // The largest first, so that the last one to end is a small one.
            return found.filter(Files::isRegularFile)
                    .sorted(Comparator.comparingLong(RepositoryFiles::size).reversed())
                    .toList();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void backup(Path place, Path directory) throws Exception {
        List<Path> files = files(directory);
        Chunking blocks = Chunking.Blocks.ofCluster(
                files.stream().mapToLong(RepositoryFiles::size).sum());
        try (Repository repository = Repository.open(place, password());
                SnapshotWriter writer = repository.write()) {
            forEach(files, file -> {
                Chunking chunking = file.toString().endsWith(TEXT) ? Chunking.BY_CONTENT : blocks;
                String path = directory.relativize(file).toString();
                try (InputStream in = Files.newInputStream(file);
                        OutputStream out = writer.file(path, 0600, chunking)) {
                    byte[] piece = new byte[PIECE_BYTES];
                    for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                        out.write(piece, 0, count);
                    }
                }
            });
            Snapshot snapshot = writer.commit(Instant.now(), "bench", List.of("/data"), List.of());
            System.out.println(snapshot.id() + " added " + writer.addedBytes() + " bytes");
        }
    }

    private static void restore(Path place, Path directory) throws Exception {
        try (Repository repository = Repository.open(place, password());
                SnapshotReader reader = repository.read(repository.snapshots().getLast())) {
            List<String> paths = reader.files().stream()
                    .sorted(Comparator.comparingLong(reader::size).reversed())
                    .toList();
            forEach(paths, path -> {
                Path file = directory.resolve(path);
                Files.createDirectories(file.getParent());
                try (InputStream in = reader.open(path);
                        OutputStream out = Files.newOutputStream(file)) {
                    in.transferTo(out);
                }
            });
        }
    }

    /// Changes 1 % of the pages of each relation file, anywhere, and of each text 1 % of its lines, one after the other, which
    /// get a letter longer.
    private static void change(Path directory) throws Exception {
        Random random = new Random(1);
        for (Path file : files(directory)) {
            if (file.toString().endsWith(TEXT)) {
                lengthenLines(file);
            } else {
                try (RandomAccessFile relation = new RandomAccessFile(file.toFile(), "rw")) {
                    long pages = relation.length() / Chunking.Blocks.PAGE_BYTES;
                    for (long change = 0; change < pages / 100; change++) {
                        relation.seek(random.nextLong(pages) * Chunking.Blocks.PAGE_BYTES + 4_000);
                        byte[] row = new byte[100];
                        random.nextBytes(row);
                        relation.write(row);
                    }
                }
            }
        }
    }

    private static void lengthenLines(Path file) throws IOException {
        Path changed = Path.of(file + ".changed");
        long size = size(file);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), PIECE_BYTES);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(changed), PIECE_BYTES)) {
            for (long at = 0; at < size; at++) {
                int letter = in.read();
                if (letter == '\n' && at > size * 0.60 && at < size * 0.61) {
                    out.write('x');
                }
                out.write(letter);
            }
        }
        Files.move(changed, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private interface Work<T> {
        void on(T item) throws IOException;
    }

    private static <T> void forEach(List<T> items, Work<T> work) throws InterruptedException, ExecutionException {
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (T item : items) {
                running.add(threads.submit(() -> {
                    work.on(item);
                    return null;
                }));
            }
            for (Future<?> task : running) {
                task.get();
            }
        }
    }
}
