package io.pgcharter.platform.repository;

/// A blob's place in its pack.
///
/// @param length sealed length
/// @param plainLength uncompressed length, 0 if the blob is not compressed
record PackedBlob(BlobId id, BlobType type, int offset, int length, int plainLength) {
    /// The same blob at another offset.
    PackedBlob at(int offset) {
        return new PackedBlob(id, type, offset, length, plainLength);
    }

    /// Size of the blob's entry in the pack header.
    int headerBytes() {
        return plainLength == 0 ? 37 : 41;
    }

    /// The byte that begins the entry in the pack header.
    int headerType() {
        return (type == BlobType.TREE ? 1 : 0) | (plainLength == 0 ? 0 : 2);
    }

    /// Length of the content.
    int contentLength() {
        return plainLength == 0 ? length - Cryptor.OVERHEAD_BYTES : plainLength;
    }
}
