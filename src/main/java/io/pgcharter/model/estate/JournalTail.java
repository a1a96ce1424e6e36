package io.pgcharter.model.estate;

import java.time.Instant;
import java.util.Optional;

/// How much of the journal no repository holds a copy of.
///
/// @param size entries of the whole journal
/// @param beganAt when its first entry was written; empty if it has none
/// @param unanchored entries that no repository holds
/// @param unanchoredSince when the first of them was written; empty if there is none
public record JournalTail(long size, Optional<Instant> beganAt, long unanchored, Optional<Instant> unanchoredSince) {}
