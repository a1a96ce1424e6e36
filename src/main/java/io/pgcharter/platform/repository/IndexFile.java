package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
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

    /// Adds what the file lists to `index`, without holding it as a tree of objects.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `REPOSITORY_DAMAGED`, naming `file`
    static void read(String file, byte[] json, BlobIndex index) {
        try (JsonParser parser = Json.parser(json)) {
            require(parser, parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                boolean isPacks = parser.currentName().equals("packs");
                if (parser.nextToken() == JsonToken.START_ARRAY && isPacks) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        readPack(parser, index);
                    }
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException | IllegalArgumentException e) {
            throw Damage.of("the index '" + file + "' is damaged", "it does not list packs: " + e.getMessage(), e);
        }
    }

    /// All that the file lists, also what other files list: at most some ten thousand blobs.
    ///
    /// @throws ProblemException `REPOSITORY_DAMAGED`, naming `file`
    static List<PackContent> packs(String file, byte[] json) {
        List<PackContent> packs = new ArrayList<>();
        try (JsonParser parser = Json.parser(json)) {
            require(parser, parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                boolean isPacks = parser.currentName().equals("packs");
                if (parser.nextToken() == JsonToken.START_ARRAY && isPacks) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        packs.add(pack(parser));
                    }
                } else {
                    parser.skipChildren();
                }
            }
            return packs;
        } catch (JacksonException | IllegalArgumentException e) {
            throw Damage.of("the index '" + file + "' is damaged", "it does not list packs: " + e.getMessage(), e);
        }
    }

    private static PackContent pack(JsonParser parser) {
        BlobId pack = new BlobId(0, 0, 0, 0);
        List<PackedBlob> blobs = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "id" -> pack = BlobId.parse(parser.getString());
                case "blobs" -> {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        blobs.add(readBlob(parser));
                    }
                }
                default -> parser.skipChildren();
            }
        }
        return new PackContent(pack, blobs);
    }

    /// As [#packs(String, byte[])], of a file of the repository; nothing if it is damaged, or gone.
    static List<PackContent> packsIfSound(Vault vault, String name) {
        try {
            return packs(Vault.INDEX + name, vault.load(Vault.INDEX, name));
        } catch (ProblemException e) {
            if (Damage.is(e) || e.problem().code() == ProblemCode.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    /// Reads an index file of the repository.
    ///
    /// @return false if it is damaged, or gone
    static boolean readIfSound(Vault vault, String name, BlobIndex index) {
        try {
            read(Vault.INDEX + name, vault.load(Vault.INDEX, name), index);
            return true;
        } catch (ProblemException e) {
            if (Damage.is(e) || e.problem().code() == ProblemCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static void readPack(JsonParser parser, BlobIndex index) {
        // restic writes a pack's id before its blobs.
        int pack = -1;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "id" -> pack = index.addPack(BlobId.parse(parser.getString()));
                case "blobs" -> {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        PackedBlob blob = readBlob(parser);
                        if (pack >= 0) {
                            index.add(pack, blob);
                        }
                    }
                }
                default -> parser.skipChildren();
            }
        }
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
                case "id" -> id = BlobId.parse(parser.getString());
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
