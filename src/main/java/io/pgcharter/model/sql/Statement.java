package io.pgcharter.model.sql;

/// One statement of a script, without its semicolon, and without the comments around it.
///
/// @param node its tree, such as an `AlterTableStmt`
/// @param span where its text stands in the script
public record Statement(Node node, Span span) {}
