package io.pgcharter.platform.access;

import io.pgcharter.model.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/// Something random that whoever shows it is known by: 256 bits. We keep its hash only; there is no need to make
/// guessing slow, for nobody can guess it.
public final class Opaque {
    private static final int BYTES = 32;

    /// What is longer was not made by us.
    private static final int LENGTH_MAX = 100;

    private final SecureRandom random = new SecureRandom();

    /// A new one: 43 characters of base64url after `prefix`.
    public Secret make(String prefix) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Secret(prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /// SHA-256 of what was shown.
    public static byte[] hash(String shown) {
        String bounded = shown.length() > LENGTH_MAX ? "" : shown;
        try {
            return MessageDigest.getInstance("SHA-256").digest(bounded.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
