package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkingTest {
    private static final int BLOCK = 128 * 1024;
    private static final Chunking BLOCKS = new Chunking.Blocks(BLOCK);
    private static final String PASSWORD = "blocks";

    @TempDir
    private Path directory;

    @BeforeEach
    void make() {
        Repository.init(directory, new Secret(PASSWORD)).close();
    }

    private Repository open() {
        return Repository.open(directory, new Secret(PASSWORD));
    }

    /// In pieces that end nowhere near a block's end.
    private static void write(SnapshotWriter writer, String path, Chunking chunking, byte[] bytes) throws IOException {
        try (OutputStream stream = writer.file(path, 0600, chunking)) {
            for (int offset = 0; offset < bytes.length; offset += 50_021) {
                stream.write(bytes, offset, Math.min(50_021, bytes.length - offset));
            }
        }
    }

    private static long added(Repository repository, Chunking chunking, byte[] content) throws IOException {
        try (SnapshotWriter writer = repository.write()) {
            write(writer, "relation", chunking, content);
            Snapshot snapshot = writer.commit(Content.TIME, "host", List.of("/x"), List.of());
            Content.assertHolds(repository, snapshot, Map.of("relation", content));
            return writer.addedBytes();
        }
    }

    /// About a block's size and about a buffer's, which holds 16 blocks of 128 KiB and 1 of 1.2 MiB.
    @Test
    void files_of_every_length_come_out_as_they_went_in() throws Exception {
        Map<String, byte[]> files = new TreeMap<>();
        for (int block : new int[] {8 * 1024, BLOCK, 150 * 8192, 8 * 1024 * 1024}) {
            for (int size : new int[] {0, 1, block - 1, block, block + 1, 16 * BLOCK, 16 * BLOCK + 1, 2 * block + 99}) {
                files.put("b" + block + "/" + size, Content.random(size, size));
            }
        }
        Snapshot snapshot;
        try (Repository repository = open()) {
            try (SnapshotWriter writer = repository.write()) {
                for (Map.Entry<String, byte[]> file : files.entrySet()) {
                    int block = Integer.parseInt(
                            file.getKey().substring(1, file.getKey().indexOf('/')));
                    write(writer, file.getKey(), new Chunking.Blocks(block), file.getValue());
                }
                snapshot = writer.commit(Content.TIME, "host", List.of("/x"), List.of());
            }
            Content.assertHolds(repository, snapshot, files);
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
        }
    }

    @Test
    void a_changed_page_costs_its_block_and_a_grown_file_its_end() throws IOException {
        byte[] relation = Content.random(1, 80 * BLOCK);
        try (Repository repository = open()) {
            assertThat(added(repository, BLOCKS, relation)).isGreaterThan(80L * BLOCK);
            byte[] changed = relation.clone();
            changed[17 * BLOCK + 5]++;
            changed[40 * BLOCK]++;
            assertThat(added(repository, BLOCKS, changed)).isBetween(2L * BLOCK, 2L * BLOCK + 20_000);
            byte[] grown = Arrays.copyOf(relation, relation.length + 8192);
            assertThat(added(repository, BLOCKS, grown)).isBetween(0L, 30_000L);
        }
    }

    @Test
    void both_ways_to_cut_stand_side_by_side_in_one_snapshot() throws IOException {
        byte[] rows = Content.rows(1, 5_000_000);
        byte[] pages = Content.random(2, 5_000_000);
        try (Repository repository = open()) {
            Snapshot snapshot;
            try (SnapshotWriter writer = repository.write()) {
                try (OutputStream text = writer.file("text", 0600, Chunking.BY_CONTENT);
                        OutputStream relation = writer.file("relation", 0600, BLOCKS)) {
                    for (int offset = 0; offset < rows.length; offset += 100_000) {
                        text.write(rows, offset, 100_000);
                        relation.write(pages, offset, 100_000);
                    }
                }
                snapshot = writer.commit(Content.TIME, "host", List.of("/x"), List.of());
            }
            Content.assertHolds(repository, snapshot, Map.of("text", rows, "relation", pages));
            try (SnapshotReader reader = repository.read(snapshot)) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                try (var stream = reader.open("relation")) {
                    assertThat(stream.read()).isEqualTo(pages[0] & 0xFF);
                    assertThat(stream.transferTo(all)).isEqualTo(pages.length - 1);
                    assertThat(stream.read()).isEqualTo(-1);
                }
                assertThat(all.toByteArray()).isEqualTo(Arrays.copyOfRange(pages, 1, pages.length));
            }
        }
    }

    @Test
    void blocks_grow_with_the_cluster_and_are_whole_pages() {
        assertThat(Chunking.Blocks.ofCluster(0)).isEqualTo(new Chunking.Blocks(BLOCK));
        assertThat(Chunking.Blocks.ofCluster(100_000_000_000L)).isEqualTo(new Chunking.Blocks(BLOCK));
        assertThat(Chunking.Blocks.ofCluster(1_000_000_000_000L)).isEqualTo(new Chunking.Blocks(1024 * 1024));
        assertThat(Chunking.Blocks.ofCluster(Long.MAX_VALUE)).isEqualTo(new Chunking.Blocks(8 * 1024 * 1024));
        for (int bytes : new int[] {0, -8192, 8191, 8193, 16 * 1024 * 1024}) {
            assertThatThrownBy(() -> new Chunking.Blocks(bytes)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
