package io.pgcharter.platform.repository;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals and opens bytes as restic does: `IV (16) ‖ AES-256-CTR ‖ Poly1305-AES tag (16)`, the IV being the nonce of
/// both. In place, without allocating more than a few bytes. For one thread.
final class Cryptor {
    static final int IV_BYTES = 16;
    static final int OVERHEAD_BYTES = IV_BYTES + Poly1305.TAG_BYTES;

    /// The JDK's compiled AES loop is entered only from calls that return: in pieces of 8 KiB it is twenty times
    /// faster than in pieces of 1 MiB.
    private static final int PIECE_BYTES = 8 * 1024;

    private final SecretKeySpec encryptionKey;
    private final Cipher stream;
    private final Cipher nonceCipher;
    private final Poly1305 poly1305;
    private final SecureRandom random = new SecureRandom();
    private final byte[] iv = new byte[IV_BYTES];

    Cryptor(MasterKey key) {
        encryptionKey = new SecretKeySpec(key.encryption(), "AES");
        poly1305 = new Poly1305(key.macPointKey());
        try {
            stream = Cipher.getInstance("AES/CTR/NoPadding");
            nonceCipher = Cipher.getInstance("AES/ECB/NoPadding");
            nonceCipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key.macNonceKey(), "AES"));
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /// Seals the `length` bytes that stand at `offset + 16`; the sealed ones then stand at `offset`.
    ///
    /// @return the sealed length, which is `length + 32`
    int seal(byte[] buffer, int offset, int length) {
        random.nextBytes(iv);
        System.arraycopy(iv, 0, buffer, offset, IV_BYTES);
        int begin = offset + IV_BYTES;
        crypt(buffer, begin, length);
        byte[] tag = tag(buffer, begin, length);
        System.arraycopy(tag, 0, buffer, begin + length, tag.length);
        return length + OVERHEAD_BYTES;
    }

    /// Opens the `length` sealed bytes at `offset`; the `length - 32` plain ones then stand at `offset + 16`.
    ///
    /// @return false if the bytes are not what was sealed with this key; the buffer is unchanged then
    boolean open(byte[] buffer, int offset, int length) {
        if (length < OVERHEAD_BYTES) {
            return false;
        }
        System.arraycopy(buffer, offset, iv, 0, IV_BYTES);
        int begin = offset + IV_BYTES;
        int plainLength = length - OVERHEAD_BYTES;
        byte[] stored = Arrays.copyOfRange(buffer, begin + plainLength, offset + length);
        if (!MessageDigest.isEqual(tag(buffer, begin, plainLength), stored)) {
            return false;
        }
        crypt(buffer, begin, plainLength);
        return true;
    }

    private byte[] tag(byte[] buffer, int offset, int length) {
        try {
            return poly1305.tag(nonceCipher.doFinal(iv), buffer, offset, length);
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    private void crypt(byte[] buffer, int offset, int length) {
        try {
            stream.init(Cipher.ENCRYPT_MODE, encryptionKey, new IvParameterSpec(iv));
            for (int done = 0; done < length; done += PIECE_BYTES) {
                int piece = Math.min(PIECE_BYTES, length - done);
                int count = stream.update(buffer, offset + done, piece, buffer, offset + done);
                if (count != piece) {
                    throw new IllegalStateException("counter mode held bytes back: " + count + " of " + piece);
                }
            }
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    private static IllegalStateException unavailable(GeneralSecurityException e) {
        return new IllegalStateException("this Java platform lacks AES-256", e);
    }
}
