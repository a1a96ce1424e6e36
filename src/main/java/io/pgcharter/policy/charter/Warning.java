package io.pgcharter.policy.charter;

/// Something a charter allows that a careful team would not want without knowing.
///
/// @param line 1-based line of the charter that gave rise to it
/// @param rule stable name, such as `single-place`
/// @param text what is the case, in one sentence without full stop
/// @param reason why that is a risk, and what would end it
public record Warning(String file, int line, String rule, String text, String reason) {

    /// `charter.yaml:12: … (single-place)`, and the reason on a line of its own; no trailing line break.
    public String message() {
        return file + ":" + line + ": " + text + " (" + rule + ")\n  reason: " + reason;
    }

    @Override
    public String toString() {
        return message();
    }
}
