package io.pgcharter.policy.guard;

/// Why the guard answered as it did: one per rule that spoke.
///
/// @param rule stable name of the rule: `flow`, `reach`, `protected`, `default-deny`, …
/// @param text what the rule says of this operation, in one sentence without full stop
/// @param where the charter line that says so, as `charter.yaml:41`; `charter.yaml` alone where no line exists
public record Reason(String rule, String text, String where) {
    @Override
    public String toString() {
        return text + " (" + rule + ", " + where + ")";
    }
}
