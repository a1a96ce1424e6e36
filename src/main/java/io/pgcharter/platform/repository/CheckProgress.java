package io.pgcharter.platform.repository;

/// Follows a check or a repair, and may stop it: each method may throw. Called from several threads.
public interface CheckProgress {
    /// Packs will be read, so many bytes in all.
    void reading(long totalBytes);

    void read(long bytes);

    /// Called between pieces of work that have no number.
    void pause();

    /// Nobody follows.
    static CheckProgress none() {
        return new CheckProgress() {
            @Override
            public void reading(long totalBytes) {}

            @Override
            public void read(long bytes) {}

            @Override
            public void pause() {}
        };
    }
}
