package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// Reads index files into an index, on one platform thread per processor. At most one file more than there are
/// processors is in memory: 20 MiB each, as objects.
final class IndexReading {
    private final Vault vault;
    private final Consumer<ProblemException> damaged;

    /// @param damaged what is done about a file that cannot be read; nothing of it is in the index then
    IndexReading(Vault vault, Consumer<ProblemException> damaged) {
        this.vault = vault;
        this.damaged = damaged;
    }

    /// @return names of the files that could be read
    List<String> read(Collection<String> names, BlobIndex index) {
        List<String> read = new ArrayList<>();
        int processors = names.size() > 1 ? Runtime.getRuntime().availableProcessors() : 1;
        Deque<Part> ahead = new ArrayDeque<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(
                processors, Thread.ofPlatform().daemon().name("index-", 0).factory())) {
            try {
                for (String name : names) {
                    if (ahead.size() > processors) {
                        take(ahead.remove(), index, read);
                    }
                    ahead.add(new Part(name, workers.submit(() -> parse(name))));
                }
                while (!ahead.isEmpty()) {
                    take(ahead.remove(), index, read);
                }
            } finally {
                ahead.forEach(part -> part.content().cancel(true));
            }
        }
        return read;
    }

    private record Part(String name, Future<List<IndexFile.PackContent>> content) {}

    private List<IndexFile.PackContent> parse(String name) {
        return IndexFile.read(Vault.INDEX + name, vault.load(Vault.INDEX, name));
    }

    private void take(Part part, BlobIndex index, List<String> read) {
        try {
            IndexFile.add(part.content().get(), index);
            read.add(part.name());
        } catch (InterruptedException e) {
            throw FirstFailure.interrupted(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                damaged.accept(problem);
            } else {
                throw new IllegalStateException("reading an index file failed", e);
            }
        }
    }
}
