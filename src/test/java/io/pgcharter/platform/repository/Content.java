package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Files for repository tests: path to bytes.
final class Content {
    static final Instant TIME = Instant.parse("2026-03-04T05:06:07.123456789Z");

    private Content() {}

    static byte[] random(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /// Text as COPY writes it.
    static byte[] rows(long seed, int size) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(size + 200);
        for (long row = 1; text.length() < size; row++) {
            text.append(row).append('\t').append(random.nextInt(1_000_000)).append("\tEUR\t2026-03-");
            text.append(10 + random.nextInt(20))
                    .append(" 12:")
                    .append(10 + random.nextInt(50))
                    .append(":00+00\tpayment ");
            text.append(Long.toHexString(random.nextLong())).append("\t\\N\n");
        }
        text.setLength(size);
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    static SequencedMap<String, byte[]> files(long seed) {
        SequencedMap<String, byte[]> files = new TreeMap<>();
        files.put("empty", new byte[0]);
        files.put("one", new byte[] {42});
        files.put("manifest.json", rows(seed, 3_000));
        files.put("data/00001-0000.copy", rows(seed + 1, 20 * 1024 * 1024));
        files.put("data/00001-0001.copy", random(seed + 2, 20 * 1024 * 1024 + 17));
        files.put("data/zeros", new byte[18 * 1024 * 1024]);
        files.put("data/deep/er/still/a \"quoted\" \\ näme 💶", random(seed + 3, 600_000));
        files.put("data-", rows(seed + 4, 1024 * 1024));
        return files;
    }

    static Snapshot write(Repository repository, Map<String, byte[]> files) {
        try (SnapshotWriter writer = repository.write()) {
            files.forEach((path, bytes) -> write(writer, path, bytes));
            return writer.commit(TIME, "host", List.of("/payments"), List.of("pgcharter", "logical"));
        }
    }

    /// In pieces as a COPY gives them.
    static void write(SnapshotWriter writer, String path, byte[] bytes) {
        try (OutputStream stream = writer.file(path, 0640)) {
            for (int offset = 0; offset < bytes.length; offset += 101) {
                stream.write(bytes, offset, Math.min(101, bytes.length - offset));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] read(SnapshotReader reader, String path) {
        try (InputStream stream = reader.open(path)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void assertHolds(Repository repository, Snapshot snapshot, Map<String, byte[]> files) {
        try (SnapshotReader reader = repository.read(snapshot)) {
            assertThat(reader.files()).containsExactlyElementsOf(new TreeMap<>(files).keySet());
            files.forEach((path, bytes) -> {
                assertThat(reader.size(path)).as(path).isEqualTo(bytes.length);
                assertThat(read(reader, path)).as(path).isEqualTo(bytes);
            });
        }
    }
}
