package io.pgcharter.model.secret;

import com.fasterxml.jackson.annotation.JsonValue;

/// A resolved secret. Prints as `***`, also in JSON; the only way to the text is [#reveal()], which is called where
/// the secret is handed to a server, a program's environment or a key derivation, and nowhere else.
public final class Secret {
    private final String text;

    public Secret(String text) {
        this.text = text;
    }

    /// The secret itself. Never log, print, store or put it into an argument list or an exception.
    public String reveal() {
        return text;
    }

    @JsonValue
    @Override
    public String toString() {
        return "***";
    }
}
