package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The JSON of one index file ("Indexing" in restic's design).
final class IndexFile {
    /// So many blobs a file at most, which keeps it near 8 MiB of JSON.
    static final int BLOBS_MAX = 50_000;

    private IndexFile() {}

    /// One pack and what is in it.
    record PackContent(BlobId pack, List<PackedBlob> blobs) {
        PackContent {
            blobs = List.copyOf(blobs);
        }
    }

    static byte[] write(List<PackContent> packs) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("packs");
            for (PackContent pack : packs) {
                json.writeStartObject();
                json.writeStringProperty("id", pack.pack().toString());
                json.writeArrayPropertyStart("blobs");
                for (PackedBlob blob : pack.blobs()) {
                    json.writeStartObject();
                    json.writeStringProperty("id", blob.id().toString());
                    json.writeStringProperty("type", blob.type().label());
                    json.writeNumberProperty("offset", blob.offset());
                    json.writeNumberProperty("length", blob.length());
                    if (blob.plainLength() > 0) {
                        json.writeNumberProperty("uncompressed_length", blob.plainLength());
                    }
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /// Adds what the file lists to `index`; nothing of a damaged file.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `REPOSITORY_DAMAGED`, naming `file`
    static void read(String file, byte[] json, BlobIndex index) {
        add(read(file, json), index);
    }

    static void add(List<PackContent> packs, BlobIndex index) {
        for (PackContent content : packs) {
            int pack = index.addPack(content.pack());
            if (pack >= 0) {
                content.blobs().forEach(blob -> index.add(pack, blob));
            }
        }
    }

    /// @throws io.pgcharter.model.problem.ProblemException `REPOSITORY_DAMAGED`, naming `file`
    static List<PackContent> read(String file, byte[] json) {
        List<PackContent> packs = new ArrayList<>();
        try (JsonParser parser = Json.parser(json, json.length)) {
            require(parser, parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                boolean isPacks = parser.currentName().equals("packs");
                if (parser.nextToken() == JsonToken.START_ARRAY && isPacks) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        packs.add(readPack(parser));
                    }
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException | IllegalArgumentException e) {
            throw Damage.of("the index '" + file + "' is damaged", "it does not list packs: " + e.getMessage(), e);
        }
        return packs;
    }

    /// As [#read(String, byte[])], of a file of the repository; empty if it is damaged, or gone.
    static Optional<List<PackContent>> readIfSound(Vault vault, String name) {
        try {
            return Optional.of(read(Vault.INDEX + name, vault.load(Vault.INDEX, name)));
        } catch (ProblemException e) {
            if (Damage.is(e) || e.problem().code() == ProblemCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static PackContent readPack(JsonParser parser) {
        BlobId pack = null;
        List<PackedBlob> blobs = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "id" -> pack = readId(parser);
                case "blobs" -> {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        blobs.add(readBlob(parser));
                    }
                }
                default -> parser.skipChildren();
            }
        }
        if (pack == null) {
            throw new IllegalArgumentException("a pack without an id");
        }
        return new PackContent(pack, blobs);
    }

    private static BlobId readId(JsonParser parser) {
        return BlobId.parse(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
    }

    private static PackedBlob readBlob(JsonParser parser) {
        BlobId id = new BlobId(0, 0, 0, 0);
        BlobType type = BlobType.DATA;
        int offset = 0;
        int length = 0;
        int plainLength = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "id" -> id = readId(parser);
                case "type" -> type = BlobType.of(parser.getString());
                case "offset" -> offset = parser.getIntValue();
                case "length" -> length = parser.getIntValue();
                case "uncompressed_length" -> plainLength = parser.getIntValue();
                default -> parser.skipChildren();
            }
        }
        require(parser, offset >= 0 && length >= Cryptor.OVERHEAD_BYTES && plainLength >= 0);
        return new PackedBlob(id, type, offset, length, plainLength);
    }

    private static void require(JsonParser parser, boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "unexpected at byte " + parser.currentLocation().getByteOffset());
        }
    }
}
