package io.pgcharter.platform.repository;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

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
        return read(List.of(place), buffers);
    }

    /// The blobs' contents, one after the other. Those that are neighbours in a pack are fetched together.
    ///
    /// @throws ProblemException `REPOSITORY_DAMAGED`, naming blob and pack
    Content read(List<BlobIndex.Place> places, BufferPool buffers) {
        byte[] content = buffers.take(length(places));
        int length = 0;
        for (int begin = 0; begin < places.size(); ) {
            int end = neighboursEnd(places, begin);
            fetch(places.subList(begin, end));
            int start = places.get(begin).blob().offset();
            for (BlobIndex.Place place : places.subList(begin, end)) {
                PackedBlob blob = place.blob();
                decode(place.pack(), blob, sealed, blob.offset() - start, content, length);
                length += blob.contentLength();
            }
            begin = end;
        }
        return new Content(content, length);
    }

    private static int length(List<BlobIndex.Place> places) {
        long length = 0;
        for (BlobIndex.Place place : places) {
            length += requireSane(place.pack(), place.blob());
            if (length > BLOB_MAX_BYTES) {
                throw damaged(place.pack(), place.blob(), "with those beside it it has " + length + " bytes");
            }
        }
        return (int) length;
    }

    private static int neighboursEnd(List<BlobIndex.Place> places, int begin) {
        int end = begin + 1;
        while (end < places.size()) {
            BlobIndex.Place before = places.get(end - 1);
            BlobIndex.Place next = places.get(end);
            boolean follows = next.blob().offset()
                    == (long) before.blob().offset() + before.blob().length();
            if (!follows || !next.pack().equals(before.pack())) {
                break;
            }
            end++;
        }
        return end;
    }

    /// Leaves neighbours in `sealed`, from its beginning on.
    private void fetch(List<BlobIndex.Place> places) {
        BlobIndex.Place first = places.getFirst();
        int start = first.blob().offset();
        PackedBlob lastBlob = places.getLast().blob();
        int length = Math.toIntExact((long) lastBlob.offset() + lastBlob.length() - start);
        if (sealed.length < length) {
            sealed = new byte[length];
        }
        int count = fetch(first, length);
        for (BlobIndex.Place place : places) {
            int begin = place.blob().offset() - start;
            if (count < begin + place.blob().length()) {
                throw Damage.of(
                        "the pack '" + place.pack() + "' is damaged",
                        "it ends within the blob '" + place.blob().id() + "', after " + Math.max(0, count - begin)
                                + " of " + place.blob().length() + " bytes");
            }
        }
    }

    private int fetch(BlobIndex.Place place, int length) {
        try {
            ByteBuffer target = ByteBuffer.wrap(sealed, 0, length);
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
        int length = requireSane(pack, blob);
        byte[] content = buffers.take(length);
        decode(pack, blob, bytes, offset, content, 0);
        return new Content(content, length);
    }

    private static int requireSane(BlobId pack, PackedBlob blob) {
        int length = blob.contentLength();
        if (length > BLOB_MAX_BYTES) {
            throw damaged(pack, blob, "its length of " + length + " bytes is beyond reason");
        }
        return length;
    }

    private void decode(BlobId pack, PackedBlob blob, byte[] bytes, int offset, byte[] content, int position) {
        if (!cryptor.open(bytes, offset, blob.length())) {
            throw damaged(pack, blob, "its authentication code does not fit its content");
        }
        int length = blob.contentLength();
        int begin = offset + Cryptor.IV_BYTES;
        if (blob.plainLength() == 0) {
            System.arraycopy(bytes, begin, content, position, length);
        } else {
            decompress(pack, blob, bytes, begin, content, position);
        }
        if (!BlobId.digest(sha256, content, position, length).equals(blob.id())) {
            throw damaged(pack, blob, "its SHA-256 is not its name");
        }
    }

    private void decompress(BlobId pack, PackedBlob blob, byte[] bytes, int begin, byte[] content, int position) {
        int packed = blob.length() - Cryptor.OVERHEAD_BYTES;
        try {
            int count = zstd.decompressByteArray(content, position, blob.plainLength(), bytes, begin, packed);
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
    List<TreeFile.Node> tree(BlobId id, BufferPool buffers) {
        Content content = read(id, BlobType.TREE, buffers);
        List<TreeFile.Node> nodes = TreeFile.read(id, content.bytes(), content.length());
        buffers.give(content.bytes());
        return nodes;
    }

    @Override
    public void close() {
        zstd.close();
    }
}
