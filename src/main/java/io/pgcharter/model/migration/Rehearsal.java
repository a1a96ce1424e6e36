package io.pgcharter.model.migration;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RunId;
import java.time.Instant;

/// That migrations were rehearsed for a database: what a release holds on to.
///
/// @param run of the rehearsal
/// @param pin which migrations, to the letter
/// @param backup whose copy they were applied to
/// @param before fingerprint of the copy's catalog before them
/// @param after fingerprint of its catalog after them
/// @param isPassed whether no limit of the charter was passed
public record Rehearsal(
        RunId run,
        DatabaseName database,
        Pin pin,
        BackupId backup,
        String before,
        String after,
        boolean isPassed,
        Instant endedAt) {}
