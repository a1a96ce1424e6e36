package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Statement;

/// A place that a rule may speak of.
///
/// @param node within the statement; [Node#NONE] for all of it
public record Spot(SqlFile file, Statement statement, Node node) {}
