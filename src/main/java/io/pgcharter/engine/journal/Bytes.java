package io.pgcharter.engine.journal;

import java.util.Arrays;
import java.util.HexFormat;

/// Bytes as a value: equal when their content is.
final class Bytes {
    private final byte[] value;

    Bytes(byte[] value) {
        this.value = value.clone();
    }

    byte[] value() {
        return value.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(value);
    }
}
