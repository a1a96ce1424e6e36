package io.pgcharter.model.schema;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is in a database, but for its rows: for each object its attributes, as texts. An attribute that has its
/// default is missing. Nothing in it depends on object ids, on settings of whoever read it, or on the order in
/// which things were made.
///
/// Not in it: the order of a table's columns, which no `ALTER` changes; partitions' copies of what their parents
/// have (constraints, indexes, triggers); what belongs to an extension; subscriptions; passwords.
///
/// @param serverMajor the version whose server wrote the texts, such as 15. The same view may read differently in
///     the words of another
/// @param roles all roles that own something or are named in a grant or a policy; and the server's first one
public record Catalog(
        int serverMajor, SortedSet<String> roles, SortedMap<ObjectName, SortedMap<String, String>> objects) {

    private static final int DIGEST_LENGTH = 16;

    public Catalog {
        roles = Collections.unmodifiableSortedSet(new TreeSet<>(roles));
        SortedMap<ObjectName, SortedMap<String, String>> copy = new TreeMap<>();
        objects.forEach(
                (name, attributes) -> copy.put(name, Collections.unmodifiableSortedMap(new TreeMap<>(attributes))));
        objects = Collections.unmodifiableSortedMap(copy);
    }

    /// All but the objects of some kinds.
    public Catalog without(Set<ObjectKind> kinds) {
        SortedMap<ObjectName, SortedMap<String, String>> others = new TreeMap<>(objects);
        others.keySet().removeIf(name -> kinds.contains(name.kind()));
        return new Catalog(serverMajor, roles, others);
    }

    /// The same objects with a digest in the place of each value: enough to say what differs, and tells of no value.
    public Catalog digested() {
        MessageDigest digest = sha256();
        SortedMap<ObjectName, SortedMap<String, String>> digests = new TreeMap<>();
        objects.forEach((name, attributes) -> {
            SortedMap<String, String> of = new TreeMap<>();
            attributes.forEach((attribute, value) -> of.put(
                    attribute,
                    HexFormat.of()
                            .formatHex(digest.digest(value.getBytes(StandardCharsets.UTF_8)))
                            .substring(0, DIGEST_LENGTH)));
            digests.put(name, of);
        });
        return new Catalog(serverMajor, roles, digests);
    }

    /// SHA-256, in hex, over all objects with their attributes: equal if and only if they are. Neither version nor
    /// roles count.
    public String fingerprint() {
        MessageDigest digest = sha256();
        objects.forEach((name, attributes) -> {
            feed(digest, name.kind().name());
            feed(digest, name.text());
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(attributes.size()).flip());
            attributes.forEach((attribute, value) -> {
                feed(digest, attribute);
                feed(digest, value);
            });
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    /// With its length before it, so that no two sequences of texts feed the same bytes.
    private static void feed(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
