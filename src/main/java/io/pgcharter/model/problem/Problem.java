package io.pgcharter.model.problem;

/// One thing that went wrong, in the three lines an operator needs at 3 a.m.
///
/// @param code stable name for programs and manuals
/// @param fact what is the case, lower-case, values quoted, no full stop
/// @param cause why it is so, as far as known
/// @param remedy something to type, or the place to look
public record Problem(ProblemCode code, String fact, String cause, String remedy) {
    public Problem {
        requireText(fact, "fact");
        requireText(cause, "cause");
        requireText(remedy, "remedy");
    }

    private static void requireText(String text, String name) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a problem needs a " + name);
        }
    }

    /// The three lines as a person reads them; no trailing line break.
    public String text() {
        return code + ": " + fact + "\n  cause:  " + cause + "\n  remedy: " + remedy;
    }
}
