package io.pgcharter.policy.lint;

/// What of the session a statement's cost depends on.
///
/// @param version PostgreSQL's major
/// @param utc whether its time zone is known to be UTC
public record Setting(int version, boolean utc) {}
