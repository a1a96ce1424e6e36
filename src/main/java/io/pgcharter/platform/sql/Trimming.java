package io.pgcharter.platform.sql;

import java.io.ByteArrayOutputStream;

/// Takes the largest function out of a WebAssembly module. In libpg_query that is the one that walks a tree for
/// fingerprints: three fifths of what is interpreted, and reading it takes longer than most texts. Nothing that
/// parses calls it.
///
/// Source: WebAssembly Core Specification 2.0, section 5.5, "Modules".
final class Trimming {
    private static final int HEADER_BYTES = 8;
    private static final int CODE_SECTION = 10;

    /// No locals, `unreachable`, `end`.
    private static final byte[] NOTHING = {0, 0, 0x0b};

    private final byte[] module;
    private int at;

    private Trimming(byte[] module) {
        this.module = module;
    }

    /// The same module; its largest function ends in a trap.
    static byte[] withoutLargest(byte[] module) {
        return new Trimming(module).trimmed();
    }

    private byte[] trimmed() {
        at = HEADER_BYTES;
        while (at < module.length) {
            int section = at;
            int kind = module[at++];
            int size = number();
            if (kind == CODE_SECTION) {
                return withCode(section, at, at + size);
            }
            at += size;
        }
        throw new IllegalStateException("the module has no code");
    }

    private byte[] withCode(int section, int from, int to) {
        int count = number();
        int largest = at;
        int largestEnd = at;
        while (at < to) {
            int begin = at;
            int size = number();
            at += size;
            if (at - begin > largestEnd - largest) {
                largest = begin;
                largestEnd = at;
            }
        }
        if (count == 0) {
            throw new IllegalStateException("the module has no function");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(module.length);
        out.write(module, 0, section + 1);
        write(out, to - from - (largestEnd - largest) + 1 + NOTHING.length);
        out.write(module, from, largest - from);
        write(out, NOTHING.length);
        out.writeBytes(NOTHING);
        out.write(module, largestEnd, module.length - largestEnd);
        return out.toByteArray();
    }

    /// An unsigned integer as LEB128: seven bits a byte, the lowest first.
    private int number() {
        int value = 0;
        int shift = 0;
        int digit;
        do {
            digit = module[at++];
            value |= (digit & 0x7f) << shift;
            shift += 7;
        } while ((digit & 0x80) != 0);
        return value;
    }

    private static void write(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
