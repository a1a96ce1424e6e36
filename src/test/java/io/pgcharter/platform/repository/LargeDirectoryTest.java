package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.ChildJvm;
import io.pgcharter.model.secret.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A terabyte in one directory is a million blobs, and their names are one blob of 67 MB, as the format wants it.
@Tag("soak")
class LargeDirectoryTest {
    private static final int BLOBS = 1_000_000;

    @TempDir
    private Path directory;

    @Test
    void a_directory_of_a_million_blobs_is_written_and_read_in_the_launchers_memory() {
        Repository.init(directory, new Secret("large")).close();
        try (ChildJvm child = ChildJvm.start(Child.class, Map.of(), directory.toString())) {
            assertThat(child.exitCode()).as(child.lines().toString()).isZero();
            assertThat(child.says("read")).isEqualTo("4 files " + BLOBS);
        }
    }

    /// Has 256 MiB of heap, less than what writes backups has.
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            try (Repository repository = Repository.open(Path.of(arguments[0]), new Secret("large"))) {
                TreeFile.Directory root = new TreeFile.Directory();
                for (int number = 0; number < 4; number++) {
                    FileNode file = new FileNode("file" + number, 0600);
                    for (int chunk = 0; chunk < BLOBS / 4; chunk++) {
                        file.chunk(chunk, ManyBlobs.id(number * (BLOBS / 4L) + chunk));
                    }
                    file.end(BLOBS, BLOBS / 4);
                    root.add(file, new String[] {file.path()});
                }
                BlobId tree = save(repository, root);
                try (BlobReader reader = new BlobReader(repository.vault(), repository.index())) {
                    List<TreeFile.Node> nodes = reader.tree(tree, new BufferPool(2));
                    int blobs =
                            nodes.stream().mapToInt(TreeFile.Node::chunkCount).sum();
                    boolean isWhole = nodes.getLast().chunk(BLOBS / 4 - 1).equals(ManyBlobs.id(BLOBS - 1));
                    System.out.println("read " + nodes.size() + " files " + (isWhole ? blobs : -1));
                }
            }
        }

        private static BlobId save(Repository repository, TreeFile.Directory root) {
            FirstFailure failure = new FirstFailure();
            BlobId[] saved = {ManyBlobs.id(0)};
            try (PackWriter packs = new PackWriter(repository.vault(), failure);
                    ChunkPipeline pipeline = new ChunkPipeline(
                            repository.vault(), repository.index(), packs, failure, new BufferPool(2))) {
                Json.Text json = TreeFile.write(root, List.of(), Content.TIME);
                pipeline.submit(BlobType.TREE, json.buffer(), json.size(), id -> saved[0] = id);
                pipeline.awaitIdle();
                packs.finish();
            }
            return saved[0];
        }
    }
}
