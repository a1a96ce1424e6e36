package io.pgcharter.entry.web.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The files that pages refer to. Each has the hash of its content in its address, so that a browser may keep it for
/// ever: what changes is another address.
public final class Assets {
    /// What an answer with an asset says in `Cache-Control`.
    public static final String CACHE_CONTROL = "public, max-age=31536000, immutable";

    private static final Map<String, String> TYPES = Map.of(
            "app.css", "text/css; charset=utf-8",
            "app.js", "text/javascript; charset=utf-8",
            "htmx.min.js", "text/javascript; charset=utf-8",
            "uplot.min.js", "text/javascript; charset=utf-8",
            "uplot.min.css", "text/css; charset=utf-8",
            "icon.svg", "image/svg+xml");

    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final Map<String, Asset> assets = new LinkedHashMap<>();

    public Assets() {
        TYPES.forEach((name, type) -> {
            byte[] content = read(name);
            String address = "/assets/" + name.replaceFirst("\\.", "." + hash(content) + ".");
            addresses.put(name, address);
            assets.put(address, new Asset(type, content));
        });
    }

    /// @param address path of the request: `/assets/app.3f29ac01.css`
    public Optional<Asset> find(String address) {
        return Optional.ofNullable(assets.get(address));
    }

    String address(String name) {
        String address = addresses.get(name);
        if (address == null) {
            throw new IllegalStateException("there is no asset " + name);
        }
        return address;
    }

    private static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream("assets/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file assets/" + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// One file.
    public static final class Asset {
        private final String type;
        private final byte[] content;

        private Asset(String type, byte[] content) {
            this.type = type;
            this.content = content;
        }

        /// Value of `Content-Type`.
        public String type() {
            return type;
        }

        /// Its bytes, shared: not to be written to.
        public byte[] content() {
            return content;
        }
    }
}
