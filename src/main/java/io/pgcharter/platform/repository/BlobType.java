package io.pgcharter.platform.repository;

/// What a blob holds: a piece of a file, or a directory.
enum BlobType {
    DATA("data"),
    TREE("tree");

    private final String label;

    BlobType(String label) {
        this.label = label;
    }

    /// The word in index files.
    String label() {
        return label;
    }
}
