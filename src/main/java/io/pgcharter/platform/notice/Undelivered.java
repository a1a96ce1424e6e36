package io.pgcharter.platform.notice;

/// Why a notice did not arrive. Has no cause: exceptions of libraries may hold addresses with tokens.
final class Undelivered extends Exception {
    private static final int REASON_MAX = 300;

    private final String reason;

    /// @param reason without secrets; cut if it is long, control characters left out
    Undelivered(String reason) {
        super(clean(reason));
        this.reason = clean(reason);
    }

    String reason() {
        return reason;
    }

    private static String clean(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= REASON_MAX ? line : line.substring(0, REASON_MAX) + "…";
    }
}
