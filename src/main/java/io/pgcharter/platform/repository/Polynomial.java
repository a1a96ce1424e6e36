package io.pgcharter.platform.repository;

import java.security.SecureRandom;

/// The `chunker_polynomial` of a repository: irreducible over GF(2), of degree 53. restic refuses any other; to our
/// own chunker it is a secret number.
final class Polynomial {
    private static final int DEGREE = 53;

    private Polynomial() {}

    static long random(SecureRandom random) {
        while (true) {
            long candidate = (random.nextLong() & ((1L << DEGREE) - 1)) | (1L << DEGREE) | 1;
            if (isIrreducible(candidate)) {
                return candidate;
            }
        }
    }

    /// Rabin's test (M. O. Rabin, "Probabilistic Algorithms in Finite Fields", 1980). As 53 is prime, it says:
    /// x^(2^53) is x modulo the polynomial, and the polynomial has no root, that is, it has a constant term and an
    /// odd number of terms.
    static boolean isIrreducible(long polynomial) {
        if (Long.numberOfLeadingZeros(polynomial) != 63 - DEGREE
                || (polynomial & 1) == 0
                || Long.bitCount(polynomial) % 2 == 0) {
            return false;
        }
        long power = 2;
        for (int square = 0; square < DEGREE; square++) {
            power = multiply(power, power, polynomial);
        }
        return power == 2;
    }

    private static long multiply(long left, long right, long modulus) {
        long product = 0;
        long shifted = left;
        for (int bit = 0; bit < DEGREE; bit++) {
            if ((right >>> bit & 1) != 0) {
                product ^= shifted;
            }
            shifted <<= 1;
            if ((shifted >>> DEGREE & 1) != 0) {
                shifted ^= modulus;
            }
        }
        return product;
    }
}
