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

    /// @throws IllegalArgumentException if there is no such type
    static BlobType of(String label) {
        return switch (label) {
            case "data" -> DATA;
            case "tree" -> TREE;
            default -> throw new IllegalArgumentException("not a blob type: '" + label + "'");
        };
    }
}
