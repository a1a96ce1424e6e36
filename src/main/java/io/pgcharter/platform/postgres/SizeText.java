package io.pgcharter.platform.postgres;

/// Sizes as PostgreSQL's settings say them: in powers of 1024.
public final class SizeText {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};
    private static final long STEP = 1024;

    private SizeText() {}

    /// `160 MB`: a whole number below 10240 of the unit that makes it one.
    public static String of(long bytes) {
        long value = bytes;
        int unit = 0;
        while (value >= 10 * STEP && unit < UNITS.length - 1) {
            value = (value + STEP / 2) / STEP;
            unit++;
        }
        return value + " " + UNITS[unit];
    }

    /// As a value of a setting, rounded down to a whole unit: `4GB`, `1536MB`.
    public static String setting(long bytes) {
        long megabytes = Math.max(1, bytes >> 20);
        return megabytes % STEP == 0 ? megabytes / STEP + "GB" : megabytes + "MB";
    }
}
