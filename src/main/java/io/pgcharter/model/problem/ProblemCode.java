package io.pgcharter.model.problem;

/// The one list of problem codes. Codes are stable: programs and manuals refer to them.
public enum ProblemCode {
    /// The charter is missing, unreadable or wrong.
    CHARTER_INVALID,
    /// The command line asks for something that cannot be understood.
    USAGE,
    /// A name that the charter (or the repository, or the journal) does not know.
    NOT_FOUND,
    /// A secret reference that does not resolve.
    SECRET_UNRESOLVED,

    /// The server does not answer, or the connection broke.
    SERVER_UNREACHABLE,
    /// The server refused the login.
    LOGIN_REFUSED,
    /// TLS was demanded and is missing, or the certificate does not hold.
    TLS_REFUSED,
    /// The server has no connection left for us.
    CONNECTIONS_EXHAUSTED,
    /// The pools that the charter asks for do not fit into the connections there are.
    POOL_BUDGET_EXCEEDED,
    /// The server's version is outside what pgcharter serves, or does not fit the task.
    VERSION_UNSUPPORTED,
    /// The role lacks a privilege the work needs.
    PRIVILEGE_MISSING,
    /// A statement failed for another reason.
    STATEMENT_FAILED,
    /// A lock or a statement took longer than allowed.
    TIMED_OUT,
    /// A table changed shape or went away while it was read.
    TABLE_CHANGED,
    /// A part of a run was not allowed to run.
    PART_REFUSED,
    /// A text is no SQL that PostgreSQL's parser accepts, or holds what is not SQL.
    SQL_INVALID,
    /// The files of a directory of migrations do not keep to their layout.
    MIGRATIONS_INVALID,
    /// The migrations and the database's history of them do not fit together.
    MIGRATIONS_DIVERGED,
    /// A migration has not reached the database that it must reach before this one.
    MIGRATION_UNTRIED,
    /// A migration failed, and how the database stands must be said before anything else is applied.
    MIGRATION_FAILED,
    REHEARSAL_MISSING,
    WINDOW_CLOSED,
    RELEASE_CHANGED,
    RELEASE_ROLLED_BACK,
    RELEASE_STOPPED,
    RELEASE_STUCK,
    /// The script from one schema to another could not be proven: nothing is offered or changed.
    SCHEMA_UNPROVEN,
    /// Carrying a schema over would lose rows or values.
    SCHEMA_LOSES,
    /// A step of carrying a schema over failed; those before it stay, and running it again goes on.
    SCHEMA_UNFINISHED,
    /// Rows are not as a new constraint or index wants them: nothing is changed.
    ROWS_IN_THE_WAY,
    /// A program the work needs (pg_dump, postgres, restic) is not installed.
    PROGRAM_MISSING,
    /// A program ended with an error.
    PROGRAM_FAILED,

    /// The target already holds something; nothing was changed.
    TARGET_NOT_EMPTY,
    /// A disk or a quota is full.
    STORAGE_FULL,
    /// A storage location cannot be reached, read or written.
    STORAGE_UNREACHABLE,
    /// The storage keeps an object until a date (Object Lock); nobody can remove it before.
    OBJECT_LOCKED,
    /// The path holds no repository.
    REPOSITORY_MISSING,
    /// There already is a repository at the path.
    REPOSITORY_EXISTS,
    /// The repository has a format this version does not know.
    REPOSITORY_FORMAT,
    /// No key opens with the password given.
    REPOSITORY_PASSWORD,
    /// The repository's keys do not allow it: the key is the last one, or in use, or there already.
    REPOSITORY_KEY,
    /// Another process holds a lock that excludes this work.
    REPOSITORY_LOCKED,
    /// Something in the repository is damaged or missing.
    REPOSITORY_DAMAGED,
    /// The backup is pinned, so it is not forgotten.
    BACKUP_PINNED,

    /// The restored content is not the content that was backed up.
    PROOF_FAILED,
    /// A smoke query of the charter answered something other than true.
    SMOKE_FAILED,

    /// Some of what needed maintenance could not get it; the rest did.
    MAINTENANCE_INCOMPLETE,
    /// The session is one on which more depends than on others; no reason was given to end it all the same.
    SESSION_NEEDED,
    /// A receiver of alerts did not take a notice.
    NOTICE_UNDELIVERED,

    /// Another run holds the target.
    TARGET_BUSY,
    /// The lease was lost to another run; the work stopped before its commit point.
    LEASE_LOST,
    /// A person asked to stop.
    CANCELLED,
    /// The process that ran it died before it ended.
    RUN_LOST,
    /// The journal contradicts its checkpoints or anchors.
    JOURNAL_BROKEN,
    /// The control database cannot be used.
    STATE_UNAVAILABLE,
    /// The permit does not fit the work, is spent, or is out of date.
    PERMIT_INVALID,
    /// The approval cannot be given.
    APPROVAL_INVALID,

    /// The address to serve on is taken, or is none of this machine's.
    LISTEN_FAILED,
    /// A request to the API or the dashboard that cannot be understood.
    REQUEST_INVALID,
    /// Nobody is logged in, or the token or the login holds no longer.
    LOGIN_NEEDED,
    /// Somebody did not prove who they are.
    PASSWORD_WRONG,
    /// The person's role, or the page the request came from, does not allow it.
    FORBIDDEN,
    /// Too many requests, or too many wrong passwords.
    TOO_MANY_REQUESTS,
    /// The identity provider's answer proves nobody's identity.
    IDENTITY_REFUSED,
    /// pgcharter itself is at fault.
    INTERNAL
}
