package io.pgcharter.platform.repository;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The JSON of a directory ("Trees and Data" in restic's design): its nodes, sorted by the bytes of their names.
final class TreeFile {
    private static final int DIRECTORY_MODE = 0755;
    /// The directory bit of Go's file modes, which restic stores.
    private static final long GO_DIRECTORY = 1L << 31;

    private static final int NODE_BYTES = 512;

    private TreeFile() {}

    /// A directory to be written: names to files and directories.
    static final class Directory {
        private final Map<byte[], FileNode> files = new TreeMap<>(Arrays::compareUnsigned);
        private final Map<byte[], Directory> directories = new TreeMap<>(Arrays::compareUnsigned);

        /// @throws IllegalStateException if the name is taken
        void add(FileNode file, String[] parts) {
            Directory directory = this;
            for (int part = 0; part < parts.length - 1; part++) {
                byte[] name = parts[part].getBytes(StandardCharsets.UTF_8);
                if (directory.files.containsKey(name)) {
                    throw new IllegalStateException("'" + file.path() + "' lies below a file");
                }
                directory = directory.directories.computeIfAbsent(name, _ -> new Directory());
            }
            byte[] name = parts[parts.length - 1].getBytes(StandardCharsets.UTF_8);
            if (directory.directories.containsKey(name) || directory.files.putIfAbsent(name, file) != null) {
                throw new IllegalStateException("'" + file.path() + "' is in the snapshot already");
            }
        }

        List<FileNode> files() {
            return List.copyOf(files.values());
        }

        List<Directory> directories() {
            return List.copyOf(directories.values());
        }
    }

    /// @param subtrees ids of the subdirectories, in their order
    static Json.Text write(Directory directory, List<BlobId> subtrees, Instant time) {
        Map<byte[], Object> nodes = new TreeMap<>(Arrays::compareUnsigned);
        nodes.putAll(directory.files);
        int number = 0;
        for (byte[] name : directory.directories.keySet()) {
            nodes.put(name, subtrees.get(number++));
        }
        Json.Text json = new Json.Text(expectedBytes(directory));
        json.write(out -> {
            out.writeStartObject();
            out.writeArrayPropertyStart("nodes");
            nodes.forEach((name, node) -> {
                if (node instanceof FileNode file) {
                    writeFile(out, name, file, time);
                } else {
                    writeDirectory(out, name, node.toString(), time);
                }
            });
            out.writeEndArray();
            out.writeEndObject();
        });
        // restic ends a tree with a line feed.
        json.write('\n');
        return json;
    }

    /// A little more than it will be.
    private static int expectedBytes(Directory directory) {
        long bytes = 1024 + (long) directory.directories.size() * NODE_BYTES;
        for (FileNode file : directory.files.values()) {
            bytes += NODE_BYTES + (long) file.chunkCount() * (BlobId.HEX_LENGTH + 3);
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE / 2);
    }

    private static void writeFile(JsonGenerator out, byte[] name, FileNode file, Instant time) {
        writeCommon(out, name, "file", file.mode() & 0777, time);
        if (file.size() > 0) {
            out.writeNumberProperty("size", file.size());
        }
        out.writeNumberProperty("links", 1);
        out.writeArrayPropertyStart("content");
        for (int chunk = 0; chunk < file.chunkCount(); chunk++) {
            out.writeString(file.chunk(chunk).toString());
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void writeDirectory(JsonGenerator out, byte[] name, String subtree, Instant time) {
        writeCommon(out, name, "dir", DIRECTORY_MODE | GO_DIRECTORY, time);
        out.writeNullProperty("content");
        out.writeStringProperty("subtree", subtree);
        out.writeEndObject();
    }

    private static void writeCommon(JsonGenerator out, byte[] name, String type, long mode, Instant time) {
        out.writeStartObject();
        out.writeStringProperty("name", GoQuote.quote(new String(name, StandardCharsets.UTF_8)));
        out.writeStringProperty("type", type);
        out.writeNumberProperty("mode", mode);
        out.writeStringProperty("mtime", time.toString());
        out.writeStringProperty("atime", time.toString());
        out.writeStringProperty("ctime", time.toString());
        out.writeNumberProperty("uid", 0);
        out.writeNumberProperty("gid", 0);
        out.writeStringProperty("user", "root");
        out.writeStringProperty("group", "root");
    }

    /// A node as read.
    ///
    /// @param type `file`, `dir`, or a kind that carries no content
    /// @param content ids of a file's blobs
    /// @param subtree id of a directory's tree; the null id for a file
    record Node(String name, String type, long size, ChunkIds content, BlobId subtree) {
        boolean isFile() {
            return type.equals("file");
        }

        boolean isDirectory() {
            return type.equals("dir");
        }

        int chunkCount() {
            return content.count();
        }

        BlobId chunk(int number) {
            return content.get(number);
        }
    }

    /// @throws io.pgcharter.model.problem.ProblemException `REPOSITORY_DAMAGED`
    static List<Node> read(BlobId tree, byte[] json, int length) {
        List<Node> nodes = new ArrayList<>();
        try (JsonParser parser = Json.parser(json, length)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean isNodes = parser.currentName().equals("nodes");
                if (parser.nextToken() == JsonToken.START_ARRAY && isNodes) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        nodes.add(readNode(parser));
                    }
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException | IllegalArgumentException e) {
            throw Damage.of("the directory '" + tree + "' is damaged", "it lists no nodes: " + e.getMessage(), e);
        }
        return nodes;
    }

    private static Node readNode(JsonParser parser) {
        String name = "";
        String type = "";
        long size = 0;
        ChunkIds content = new ChunkIds();
        BlobId subtree = new BlobId(0, 0, 0, 0);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String property = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (property) {
                case "name" -> name = GoQuote.unquote(parser.getString());
                case "type" -> type = parser.getString();
                case "size" -> size = parser.getLongValue();
                case "content" -> content = value == JsonToken.START_ARRAY ? readIds(parser) : content;
                case "subtree" -> subtree = BlobId.parse(parser.getString());
                default -> parser.skipChildren();
            }
        }
        return new Node(name, type, size, content, subtree);
    }

    private static ChunkIds readIds(JsonParser parser) {
        ChunkIds ids = new ChunkIds();
        while (parser.nextToken() == JsonToken.VALUE_STRING) {
            ids.set(ids.count(), BlobId.parse(parser.getString()));
        }
        return ids;
    }
}
