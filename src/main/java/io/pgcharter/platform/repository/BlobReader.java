package io.pgcharter.platform.repository;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/// Reads blobs: fetch, check the authentication code, decrypt, decompress, check the SHA-256. Nothing that failed a
/// check is handed out. For one thread.
final class BlobReader implements AutoCloseable {
    /// No blob of a sane repository is larger once unpacked; a larger length in an index is damage.
    private static final int BLOB_MAX_BYTES = 1 << 30;

    private final Vault vault;
    private final BlobIndex index;
    private final Cryptor cryptor;
    private final MessageDigest sha256 = BlobId.sha256();
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private byte[] sealed = new byte[0];

    BlobReader(Vault vault, BlobIndex index) {
        this.vault = vault;
        this.index = index;
        cryptor = new Cryptor(vault.key());
    }

    /// A blob's content: the first `length` bytes.
    static final class Content {
        private final byte[] bytes;
        private final int length;

        private Content(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        byte[] bytes() {
            return bytes;
        }

        int length() {
            return length;
        }
    }

    /// @throws ProblemException `REPOSITORY_DAMAGED`, naming blob and pack
    Content read(BlobId id, BlobType type, BufferPool buffers) {
        BlobIndex.Place place = index.find(id, type);
        if (place == null) {
            throw Damage.of("the blob '" + id + "' is missing", "no index lists it");
        }
        PackedBlob blob = place.blob();
        if (sealed.length < blob.length()) {
            sealed = new byte[blob.length()];
        }
        int count = fetch(place);
        if (count < blob.length()) {
            throw Damage.of(
                    "the pack '" + place.pack() + "' is damaged",
                    "it ends within the blob '" + id + "', after " + count + " of " + blob.length() + " bytes");
        }
        return decode(place.pack(), blob, sealed, 0, buffers);
    }

    private int fetch(BlobIndex.Place place) {
        try {
            ByteBuffer target = ByteBuffer.wrap(sealed, 0, place.blob().length());
            return vault.storage().get(Vault.packKey(place.pack()), place.blob().offset(), target);
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.NOT_FOUND) {
                throw Damage.of(
                        "the pack '" + place.pack() + "' is missing",
                        "an index says that it holds the blob '" + place.blob().id() + "'",
                        e);
            }
            throw e;
        }
    }

    /// Decodes the sealed blob at `offset` of `bytes`, which are overwritten.
    ///
    /// @throws ProblemException `REPOSITORY_DAMAGED`, naming blob and pack
    Content decode(BlobId pack, PackedBlob blob, byte[] bytes, int offset, BufferPool buffers) {
        if (!cryptor.open(bytes, offset, blob.length())) {
            throw damaged(pack, blob, "its authentication code does not fit its content");
        }
        int length = blob.contentLength();
        if (length > BLOB_MAX_BYTES) {
            throw damaged(pack, blob, "its length of " + length + " bytes is beyond reason");
        }
        byte[] content = buffers.take(length);
        int begin = offset + Cryptor.IV_BYTES;
        if (blob.plainLength() == 0) {
            System.arraycopy(bytes, begin, content, 0, length);
        } else {
            decompress(pack, blob, bytes, begin, content);
        }
        if (!BlobId.digest(sha256, content, 0, length).equals(blob.id())) {
            throw damaged(pack, blob, "its SHA-256 is not its name");
        }
        return new Content(content, length);
    }

    private void decompress(BlobId pack, PackedBlob blob, byte[] bytes, int begin, byte[] content) {
        int packed = blob.length() - Cryptor.OVERHEAD_BYTES;
        try {
            int count = zstd.decompressByteArray(content, 0, blob.plainLength(), bytes, begin, packed);
            if (count != blob.plainLength()) {
                throw damaged(pack, blob, "it has " + count + " bytes instead of " + blob.plainLength());
            }
        } catch (ZstdException e) {
            throw damaged(pack, blob, "it does not decompress: " + e.getMessage());
        }
    }

    private static ProblemException damaged(BlobId pack, PackedBlob blob, String cause) {
        return Damage.of("the blob '" + blob.id() + "' in the pack '" + pack + "' is damaged", cause);
    }

    /// A directory.
    java.util.List<TreeFile.Node> tree(BlobId id, BufferPool buffers) {
        Content content = read(id, BlobType.TREE, buffers);
        byte[] json = Arrays.copyOf(content.bytes(), content.length());
        buffers.give(content.bytes());
        return TreeFile.read(id, json);
    }

    @Override
    public void close() {
        zstd.close();
    }
}
