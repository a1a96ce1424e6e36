package io.pgcharter.platform.repository;

/// A file of a snapshot being written: gathers the ids of its chunks, which workers find in any order. Thread-safe.
final class FileNode {
    private final String path;
    private final int mode;
    private final ChunkIds ids = new ChunkIds();
    private long size;
    private int chunkCount;
    private boolean isEnded;

    FileNode(String path, int mode) {
        this.path = path;
        this.mode = mode;
    }

    String path() {
        return path;
    }

    int mode() {
        return mode;
    }

    synchronized void chunk(int number, BlobId id) {
        ids.set(number, id);
    }

    synchronized void end(long size, int chunkCount) {
        this.size = size;
        this.chunkCount = chunkCount;
        isEnded = true;
    }

    synchronized boolean isEnded() {
        return isEnded;
    }

    synchronized long size() {
        return size;
    }

    synchronized int chunkCount() {
        return chunkCount;
    }

    synchronized BlobId chunk(int number) {
        return ids.get(number);
    }
}
