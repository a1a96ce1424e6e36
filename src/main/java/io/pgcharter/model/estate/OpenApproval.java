package io.pgcharter.model.estate;

import java.time.Instant;

/// A wish that waits for people to agree.
///
/// @param verb of the operation @param given agreements so far @param expiresAt from then on nobody can agree to it
public record OpenApproval(
        String request, String verb, String asker, Instant askedAt, Instant expiresAt, int given, int needed) {}
