package io.pgcharter.platform.repository;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// scrypt, as RFC 7914 has it: a key from a password, slowly and with much memory on purpose.
///
/// Its own, because every command that opens a repository waits for it: a general implementation takes half a
/// second until the JVM has compiled it, this one 0.1 s from the first time on.
final class Scrypt {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int SALSA_WORDS = 16;
    private static final int HMAC_BYTES = 32;

    private static final int PARALLEL_MAX = 1024;
    /// restic itself takes at most 60 MiB; what asks for more would only take the process down.
    private static final long MEMORY_MAX_BYTES = 128L << 20;

    private Scrypt() {}

    /// What it costs: `128 × n × r` bytes of memory, and time in proportion to `n × r × p`.
    ///
    /// @param n a power of two, from 2
    record Cost(int n, int r, int p) {
        /// Whether it is what scrypt allows, and no more than 128 MiB.
        boolean isSane() {
            return Integer.bitCount(n) == 1
                    && n > 1
                    && r > 0
                    && p > 0
                    && p <= PARALLEL_MAX
                    && 128L * n * r <= MEMORY_MAX_BYTES
                    && 128L * p * r <= MEMORY_MAX_BYTES;
        }
    }

    /// @param length of the key, in bytes
    static byte[] derive(byte[] password, byte[] salt, Cost cost, int length) {
        int blockBytes = 128 * cost.r();
        byte[] blocks = pbkdf2(password, salt, blockBytes * cost.p());
        for (int block = 0; block < cost.p(); block++) {
            mix(blocks, block * blockBytes, cost);
        }
        return pbkdf2(password, blocks, length);
    }

    /// PBKDF2 with HMAC-SHA-256 and one iteration (RFC 8018).
    private static byte[] pbkdf2(byte[] password, byte[] salt, int length) {
        ByteBuffer key = ByteBuffer.allocate(Math.ceilDiv(length, HMAC_BYTES) * HMAC_BYTES);
        try {
            Mac hmac = Mac.getInstance("HmacSHA256");
            // HMAC fills a key up with zeros, so no password is the same as one zero.
            hmac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, "HmacSHA256"));
            for (int number = 1; key.hasRemaining(); number++) {
                hmac.update(salt);
                key.put(hmac.doFinal(ByteBuffer.allocate(4).putInt(number).array()));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC with SHA-256", e);
        }
        return Arrays.copyOf(key.array(), length);
    }

    /// scryptROMix of the block at `offset`.
    private static void mix(byte[] bytes, int offset, Cost cost) {
        int words = 32 * cost.r();
        int[] block = new int[words];
        for (int word = 0; word < words; word++) {
            block[word] = (int) WORD.get(bytes, offset + 4 * word);
        }
        int[][] seen = new int[cost.n()][];
        int[] scratch = new int[words];
        for (int step = 0; step < cost.n(); step++) {
            seen[step] = block.clone();
            mixBlock(block, scratch);
        }
        for (int step = 0; step < cost.n(); step++) {
            int[] chosen = seen[block[words - SALSA_WORDS] & (cost.n() - 1)];
            for (int word = 0; word < words; word++) {
                block[word] ^= chosen[word];
            }
            mixBlock(block, scratch);
        }
        for (int word = 0; word < words; word++) {
            WORD.set(bytes, offset + 4 * word, block[word]);
        }
    }

    /// scryptBlockMix: the even results first, then the odd ones.
    private static void mixBlock(int[] block, int[] scratch) {
        int[] last = new int[SALSA_WORDS];
        System.arraycopy(block, block.length - SALSA_WORDS, last, 0, SALSA_WORDS);
        int half = block.length / 2;
        for (int from = 0; from < block.length; from += SALSA_WORDS) {
            salsa(last, block, from);
            int number = from / SALSA_WORDS;
            System.arraycopy(last, 0, scratch, number / 2 * SALSA_WORDS + (number % 2) * half, SALSA_WORDS);
        }
        System.arraycopy(scratch, 0, block, 0, block.length);
    }

    /// Salsa20/8 of `x` xor the sixteen words of `in` at `from`, into `x`. In local variables, which the compiler
    /// keeps in registers; the names are the places in the matrix of Salsa20's definition.
    private static void salsa(int[] x, int[] in, int from) {
        for (int word = 0; word < SALSA_WORDS; word++) {
            x[word] ^= in[from + word];
        }
        int x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3];
        int x4 = x[4], x5 = x[5], x6 = x[6], x7 = x[7];
        int x8 = x[8], x9 = x[9], xa = x[10], xb = x[11];
        int xc = x[12], xd = x[13], xe = x[14], xf = x[15];
        for (int round = 0; round < 8; round += 2) {
            x4 ^= Integer.rotateLeft(x0 + xc, 7);
            x8 ^= Integer.rotateLeft(x4 + x0, 9);
            xc ^= Integer.rotateLeft(x8 + x4, 13);
            x0 ^= Integer.rotateLeft(xc + x8, 18);
            x9 ^= Integer.rotateLeft(x5 + x1, 7);
            xd ^= Integer.rotateLeft(x9 + x5, 9);
            x1 ^= Integer.rotateLeft(xd + x9, 13);
            x5 ^= Integer.rotateLeft(x1 + xd, 18);
            xe ^= Integer.rotateLeft(xa + x6, 7);
            x2 ^= Integer.rotateLeft(xe + xa, 9);
            x6 ^= Integer.rotateLeft(x2 + xe, 13);
            xa ^= Integer.rotateLeft(x6 + x2, 18);
            x3 ^= Integer.rotateLeft(xf + xb, 7);
            x7 ^= Integer.rotateLeft(x3 + xf, 9);
            xb ^= Integer.rotateLeft(x7 + x3, 13);
            xf ^= Integer.rotateLeft(xb + x7, 18);
            x1 ^= Integer.rotateLeft(x0 + x3, 7);
            x2 ^= Integer.rotateLeft(x1 + x0, 9);
            x3 ^= Integer.rotateLeft(x2 + x1, 13);
            x0 ^= Integer.rotateLeft(x3 + x2, 18);
            x6 ^= Integer.rotateLeft(x5 + x4, 7);
            x7 ^= Integer.rotateLeft(x6 + x5, 9);
            x4 ^= Integer.rotateLeft(x7 + x6, 13);
            x5 ^= Integer.rotateLeft(x4 + x7, 18);
            xb ^= Integer.rotateLeft(xa + x9, 7);
            x8 ^= Integer.rotateLeft(xb + xa, 9);
            x9 ^= Integer.rotateLeft(x8 + xb, 13);
            xa ^= Integer.rotateLeft(x9 + x8, 18);
            xc ^= Integer.rotateLeft(xf + xe, 7);
            xd ^= Integer.rotateLeft(xc + xf, 9);
            xe ^= Integer.rotateLeft(xd + xc, 13);
            xf ^= Integer.rotateLeft(xe + xd, 18);
        }
        x[0] += x0;
        x[1] += x1;
        x[2] += x2;
        x[3] += x3;
        x[4] += x4;
        x[5] += x5;
        x[6] += x6;
        x[7] += x7;
        x[8] += x8;
        x[9] += x9;
        x[10] += xa;
        x[11] += xb;
        x[12] += xc;
        x[13] += xd;
        x[14] += xe;
        x[15] += xf;
    }
}
