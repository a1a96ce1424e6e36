package io.pgcharter.model.estate;

import java.time.Instant;

/// What a database's server showed of itself when it was called on.
public sealed interface ServerCertificate {
    /// @param subject whom it names @param endsAt from then on nobody who verifies it connects
    record Shown(String subject, Instant endsAt) implements ServerCertificate {}

    /// The connection was not encrypted.
    record None() implements ServerCertificate {}

    /// Nobody got so far.
    ///
    /// @param code of the problem @param text the problem in one line @param remedy what to do
    record Unseen(String code, String text, String remedy) implements ServerCertificate {}
}
