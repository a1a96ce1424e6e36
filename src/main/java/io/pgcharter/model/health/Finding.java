package io.pgcharter.model.health;

import java.util.Optional;

/// One thing that a check found.
///
/// @param key names the thing, the same from one time to the next: `public.orders`, `slot standby_1`; waivers name it
/// @param text what is wrong with it, in one line: `11.2 GB of WAL are kept for it`
/// @param waived why the charter lets it be; empty if it does not. What is waived does not count
public record Finding(String key, Level level, String text, Optional<String> waived) {}
