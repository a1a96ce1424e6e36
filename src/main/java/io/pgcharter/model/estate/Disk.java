package io.pgcharter.model.estate;

/// The file system that a directory is on.
///
/// @param path the directory @param device the same for all directories of one file system of this machine
/// @param usedBytes taken @param freeBytes that this process may still take
public record Disk(String path, String device, long usedBytes, long freeBytes) {
    /// As `df` shows it: what is kept for root counts as taken by nobody.
    public double usedPercent() {
        long all = usedBytes + freeBytes;
        return all == 0 ? 0 : 100.0 * usedBytes / all;
    }
}
