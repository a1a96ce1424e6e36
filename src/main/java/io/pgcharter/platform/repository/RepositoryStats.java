package io.pgcharter.platform.repository;

/// What a repository holds.
///
/// @param storedBytes size of all its files
/// @param contentBytes what its snapshots hold, unpacked, each counted in full
public record RepositoryStats(int snapshotCount, int packCount, long blobCount, long storedBytes, long contentBytes) {}
