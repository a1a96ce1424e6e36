package io.pgcharter.platform.definition;

/// When a definition is carried out, in order. Within a stage it is the order in which things were made, as far as
/// their object ids tell it; what needs something later waits for it.
enum Stage {
    SCHEMAS,
    EXTENSIONS,
    /// Types by their names alone, for the functions that make them.
    SHELLS,
    OBJECTS,
    /// What joins objects that are there: partitions, owners of sequences, values by default.
    ADDITIONS,
    /// From here on the rows are there.
    INDEXES,
    CONSTRAINTS,
    ATTACHMENTS,
    /// Views that others stood in for, and what came too early.
    LATE,
    FINISHES,
    FOREIGN_KEYS,
    PUBLICATIONS,
    COMMENTS,
    RIGHTS,
    DEFAULT_RIGHTS,
    EVENT_TRIGGERS;

    boolean isBeforeRows() {
        return compareTo(INDEXES) < 0;
    }
}
