package io.pgcharter.policy.schema;

import io.pgcharter.model.schema.Difference.Attribute;
import io.pgcharter.model.schema.Difference.Change;
import io.pgcharter.model.schema.Difference.How;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What holds for objects of most kinds alike: they are made, dropped, made anew, given to somebody, and commented on.
///
/// @param made the statements that make it; empty if it cannot be made by itself
/// @param isUnfinished whether it is an index that lacks those of partitions
/// @param forced whether it is dropped with all that needs it
record Anew(ObjectName name, List<String> made, boolean isUnfinished, boolean forced) {
    /// Holds no rows of its own: it is dropped and made again where it cannot be changed.
    private static final Set<ObjectKind> ONLY_SHOWS = Set.of(
            ObjectKind.VIEW,
            ObjectKind.MATERIALIZED_VIEW,
            ObjectKind.INDEX,
            ObjectKind.STATISTICS,
            ObjectKind.FUNCTION,
            ObjectKind.PROCEDURE,
            ObjectKind.AGGREGATE,
            ObjectKind.OPERATOR,
            ObjectKind.CAST,
            ObjectKind.TEXT_SEARCH_CONFIGURATION,
            ObjectKind.TEXT_SEARCH_DICTIONARY,
            ObjectKind.TRIGGER,
            ObjectKind.RULE,
            ObjectKind.EVENT_TRIGGER,
            ObjectKind.OTHER);

    /// Attributes that are given with statements of their own.
    private static final Set<String> GIVEN = Set.of("owner", "grants", "comment", "clustered", "replica identity");

    /// Written for a partitioned table and for none else, or of no effect.
    private static final Pattern ONLY =
            Pattern.compile("^(ALTER TABLE |CREATE (?:UNIQUE )?INDEX (?:[^\"]|\"[^\"]*\")*? ON )ONLY ");

    private static final Pattern REPLACED = Pattern.compile("^CREATE VIEW ");

    List<String> statements(Change change) {
        List<String> statements = new ArrayList<>(
                switch (change.how()) {
                    case ADDED -> made.isEmpty() ? part(change) : spread(made);
                    case REMOVED -> forced && mayDragAlong() ? cascade() : dropped();
                    case CHANGED -> changed(change);
                });
        if (change.how() != How.REMOVED) {
            for (Attribute attribute : change.attributes()) {
                if (attribute.name().equals("comment")) {
                    statements.add("comment on " + called(change) + " is "
                            + Completion.literalOrNull(attribute.after().orElse(null)) + ";");
                } else if (attribute.name().equals("owner") && change.how() == How.CHANGED) {
                    statements.add("alter " + called(change) + " owner to "
                            + Completion.role(attribute.after().orElse(null)) + ";");
                }
            }
        }
        return statements;
    }

    private List<String> changed(Change change) {
        boolean onlyGiven = change.attributes().stream().allMatch(attribute -> GIVEN.contains(attribute.name()));
        if (onlyGiven || made.isEmpty() || !ONLY_SHOWS.contains(name.kind())) {
            return List.of();
        }
        if (name.text().startsWith("operator family ")) { // which would take its classes along
            return made.stream()
                    .filter(statement -> statement.contains(" ADD "))
                    .toList();
        }
        List<String> statements = new ArrayList<>();
        if (forced) {
            statements.addAll(cascade());
        } else if (name.kind() != ObjectKind.FUNCTION && name.kind() != ObjectKind.PROCEDURE) {
            statements.addAll(name.kind() == ObjectKind.VIEW ? List.of() : dropped());
        }
        spread(made)
                .forEach(statement -> statements.add(
                        forced ? statement : REPLACED.matcher(statement).replaceFirst("CREATE OR REPLACE VIEW ")));
        return statements;
    }

    /// With what it makes in partitions, where a dump would make that with them.
    private List<String> spread(List<String> statements) {
        return isUnfinished
                ? statements
                : statements.stream()
                        .map(statement -> ONLY.matcher(statement).replaceFirst("$1"))
                        .toList();
    }

    /// A check is made with its table. One that its table has from a parent already, but not valid, is not taken twice.
    private List<String> part(Change change) {
        Optional<String> definition = change.attributes().stream()
                .filter(attribute -> attribute.name().equals("definition"))
                .findFirst()
                .flatMap(Attribute::after);
        if (name.kind() == ObjectKind.INDEX && definition.isPresent()) { // one that was not valid is written by nobody
            return spread(List.of(definition.get() + ";"));
        }
        if (name.kind() != ObjectKind.CONSTRAINT || definition.isEmpty()) {
            return List.of();
        }
        QualifiedName parts = QualifiedName.of(name.text());
        String table = "alter table " + parts.owner();
        String added = table + " add constraint " + parts.last() + " " + definition.get() + ";";
        return forced ? List.of(table + " validate constraint " + parts.last() + ";", added) : List.of(added);
    }

    private boolean mayDragAlong() {
        return ONLY_SHOWS.contains(name.kind()) || name.kind() == ObjectKind.TYPE || name.kind() == ObjectKind.DOMAIN;
    }

    private List<String> cascade() {
        return dropped().stream()
                .map(statement -> statement.replaceFirst(";$", " cascade;"))
                .toList();
    }

    private List<String> dropped() {
        QualifiedName parts = QualifiedName.of(name.text());
        return switch (name.kind()) {
            case CONSTRAINT -> List.of("alter table " + parts.owner() + " drop constraint " + parts.last() + ";");
            case DOMAIN_CONSTRAINT ->
                List.of("alter domain " + parts.owner() + " drop constraint " + parts.last() + ";");
            case COLUMN, POLICY, USER_MAPPING, SECURITY_LABEL, DEFAULT_PRIVILEGES -> List.of();
            case PUBLICATION, PUBLICATION_TABLE, PUBLICATION_SCHEMA -> List.of();
            case SCHEMA, EXTENSION, LANGUAGE, COLLATION, TYPE, DOMAIN, SEQUENCE, TABLE, VIEW, MATERIALIZED_VIEW ->
                List.of("drop " + called() + ";");
            case INDEX, STATISTICS, FUNCTION, PROCEDURE, AGGREGATE, OPERATOR, CAST, TRIGGER, RULE, EVENT_TRIGGER ->
                List.of("drop " + called() + ";");
            case TEXT_SEARCH_CONFIGURATION, TEXT_SEARCH_DICTIONARY, FOREIGN_DATA_WRAPPER, FOREIGN_SERVER, OTHER ->
                List.of("drop " + called() + ";");
        };
    }

    private String called(Change change) {
        boolean foreign = change.attributes().stream()
                .anyMatch(attribute -> attribute.name().equals("server"));
        return name.kind() == ObjectKind.TABLE && foreign ? "foreign " + called() : called();
    }

    /// As statements name it, behind `drop`, `comment on` and `alter`.
    private String called() {
        QualifiedName parts = QualifiedName.of(name.text());
        String text = name.text();
        return switch (name.kind()) {
            case TRIGGER, RULE, POLICY, CONSTRAINT -> name.kind().words() + " " + parts.last() + " on " + parts.owner();
            case DOMAIN_CONSTRAINT -> "constraint " + parts.last() + " on domain " + parts.owner();
            case AGGREGATE -> "aggregate " + (text.endsWith("()") ? text.substring(0, text.length() - 1) + "*)" : text);
            case FOREIGN_SERVER -> "server " + text;
            case OTHER -> text;
            case SCHEMA, EXTENSION, LANGUAGE, COLLATION, TYPE, DOMAIN, SEQUENCE, TABLE, VIEW, MATERIALIZED_VIEW ->
                name.kind().words() + " " + text;
            case COLUMN, INDEX, STATISTICS, FUNCTION, PROCEDURE, OPERATOR, CAST, EVENT_TRIGGER, FOREIGN_DATA_WRAPPER ->
                name.kind().words() + " " + text;
            case TEXT_SEARCH_CONFIGURATION, TEXT_SEARCH_DICTIONARY, PUBLICATION ->
                name.kind().words() + " " + text;
            case USER_MAPPING, SECURITY_LABEL, DEFAULT_PRIVILEGES, PUBLICATION_TABLE, PUBLICATION_SCHEMA ->
                name.kind().words() + " " + text;
        };
    }
}
