package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.Run.Unit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Writes all of a live source into files, parts side by side.
public final class DumpWriter {
    private static final int FILE_MODE = 0600;

    private static final int SCRIPT_MODE = 0700;

    private final LiveSource source;
    private final Target target;
    private final Run run;

    public DumpWriter(LiveSource source, Target target, Run run) {
        this.source = source;
        this.target = target;
        this.run = run;
    }

    /// Takes files. Thread-safe; each stream is used by one thread and complete once closed.
    @FunctionalInterface
    public interface Target {
        OutputStream file(String path, int mode);
    }

    /// Writes rows first, then everything small, the manifest last.
    ///
    /// @param jobs connections that read in parallel
    public Manifest write(int jobs, String writtenBy) {
        List<String> files = new ArrayList<>();
        source.tables().forEach(table -> table.parts().forEach(part -> files.add(part.file())));
        if (source.hasLargeObjects()) {
            files.add(DumpFiles.LARGE_OBJECTS);
        }
        try (Run.Step step = run.begin("copying rows", source.contents().bytesExpected(), Unit.BYTES)) {
            Iterator<String> queue = files.iterator();
            new Jobs<>(jobs, run, () -> new FeedWorker(source.openFeed())).carryOut(files.size(), () -> {
                synchronized (queue) {
                    if (!queue.hasNext()) {
                        return null;
                    }
                    String file = queue.next();
                    return worker -> writeRows(worker.feed(), file, step);
                }
            });
        }
        source.contents().files().forEach((path, text) -> writeText(path, text, FILE_MODE));
        Manifest manifest = source.manifest(writtenBy);
        writeText(DumpFiles.RESTORE_SCRIPT, RestoreScript.of(manifest), SCRIPT_MODE);
        writeText(DumpFiles.MANIFEST, new String(manifest.toJson(), StandardCharsets.UTF_8), FILE_MODE);
        return manifest;
    }

    private void writeRows(DumpSource.Feed feed, String file, Run.Step step) {
        try (OutputStream out = new Counting(target.file(file, FILE_MODE), step)) {
            feed.write(file, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeText(String path, String text, int mode) {
        try (OutputStream out = target.file(path, mode)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A feed as a worker of [Jobs].
    private record FeedWorker(DumpSource.Feed feed) implements Jobs.Worker {
        @Override
        public void cancel() {
            feed.cancel();
        }

        @Override
        public void close() {
            feed.close();
        }
    }
}
