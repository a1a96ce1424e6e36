package io.pgcharter.platform.repository;

import java.util.List;

/// Something that a check found: one for each file of the repository that is not as it must be, whatever follows from
/// it.
///
/// @param fact what is wrong, in one line; names the file
/// @param losses what cannot be read because of it, newest snapshot last; empty if nothing needs what is wrong
public record Fault(Kind kind, String fact, List<Loss> losses) {
    public Fault {
        losses = List.copyOf(losses);
    }

    /// What kind of file is wrong, which decides what to do about it.
    public enum Kind {
        /// A file below `keys/`.
        KEY,
        /// A file below `snapshots/`.
        SNAPSHOT,
        /// A file below `index/`, or what it says.
        INDEX,
        /// Packs that snapshots need and no readable index lists.
        UNINDEXED,
        /// A pack that is missing or damaged.
        PACK,
        /// A blob that snapshots need and no pack holds.
        BLOB,
        /// No damage: a file that no snapshot needs, such as a killed backup leaves behind.
        LEFTOVER
    }

    /// What a snapshot loses.
    ///
    /// @param files directories end in `/`; the root is `/`
    public record Loss(Snapshot snapshot, List<LostFile> files) {
        public Loss {
            files = List.copyOf(files);
        }
    }

    /// @param path relative, `/`-separated
    /// @param lostBytes of the file's content; 0 for a directory, where nobody knows
    /// @param isMendable whether all of it is still there, and a repair makes it readable again
    public record LostFile(String path, long sizeBytes, long lostBytes, boolean isMendable) {
        LostFile below(String directory) {
            return new LostFile(directory + path, sizeBytes, lostBytes, isMendable);
        }
    }

    /// Whether something is lost for good, as far as this repository goes.
    public boolean isLoss() {
        return losses.stream().flatMap(loss -> loss.files().stream()).anyMatch(file -> !file.isMendable());
    }
}
