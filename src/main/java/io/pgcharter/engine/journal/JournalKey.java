package io.pgcharter.engine.journal;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;

/// The Ed25519 key (RFC 8032) a node signs checkpoints with. Thread-safe.
public final class JournalKey {
    private static final String ALGORITHM = "Ed25519";

    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private JournalKey(PrivateKey privateKey, PublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /// Reads the key from `file` (two lines of base64: PKCS#8, X.509), or makes one there that only its owner can read.
    ///
    /// @throws ProblemException `STATE_UNAVAILABLE` if the file cannot be read, written, or is no key
    public static JournalKey loadOrCreate(Path file) {
        try {
            if (!Files.exists(file)) {
                // With a shared state nobody else makes this machine's own directory.
                Files.createDirectories(file.toAbsolutePath().getParent());
                create(file);
            }
            return load(file);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.STATE_UNAVAILABLE,
                            "the journal's signing key '" + file + "' cannot be used",
                            e.getClass().getSimpleName() + ": " + e.getMessage(),
                            "put the file back from a copy; or remove it, and a new key signs from now on"),
                    e);
        }
    }

    private static JournalKey load(Path file) throws IOException, GeneralSecurityException {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() != 2) {
            throw new IllegalArgumentException("it does not have two lines");
        }
        KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
        JournalKey key = new JournalKey(
                factory.generatePrivate(
                        new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines.getFirst()))),
                factory.generatePublic(
                        new X509EncodedKeySpec(Base64.getDecoder().decode(lines.getLast()))));
        if (!verifies(key.publicKey(), new byte[] {1}, key.sign(new byte[] {1}))) {
            throw new IllegalArgumentException("its two halves do not belong together");
        }
        return key;
    }

    private static void create(Path file) throws IOException, GeneralSecurityException {
        // Where the control database is elsewhere, nobody has made the state directory yet.
        Files.createDirectories(file.resolveSibling(""));
        KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        Base64.Encoder base64 = Base64.getEncoder();
        String text = base64.encodeToString(pair.getPrivate().getEncoded()) + "\n"
                + base64.encodeToString(pair.getPublic().getEncoded()) + "\n";
        // Written aside and linked into place, so that of two processes that come at once one key wins, whole.
        Path partial = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
        try (FileChannel channel = FileChannel.open(
                partial,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            channel.force(true);
        }
        try {
            Files.createLink(file, partial);
        } catch (FileAlreadyExistsException _) {
            // The other process's key is the key.
        } finally {
            try {
                Files.delete(partial);
            } catch (NoSuchFileException _) {
                // Gone already.
            }
        }
    }

    /// Base64 of the X.509 form.
    String publicKey() {
        return Base64.getEncoder().encodeToString(publicKey.getEncoded());
    }

    /// Base64.
    String sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update(message);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has Ed25519", e);
        }
    }

    /// Whether `signature` is one over `message` by the key. False for anything that is no key or no signature.
    static boolean verifies(String publicKey, byte[] message, String signature) {
        try {
            PublicKey key = KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey)));
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return false;
        }
    }
}
