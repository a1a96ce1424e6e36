package io.pgcharter.model.schema;

import java.util.Locale;

/// What an object of a schema is. The order is the one in which objects are shown.
public enum ObjectKind {
    SCHEMA,
    EXTENSION,
    LANGUAGE,
    COLLATION,
    /// An enum, a composite, a range, or a base type.
    TYPE,
    DOMAIN,
    /// A constraint of a domain: `schema.domain.constraint`.
    DOMAIN_CONSTRAINT,
    SEQUENCE,
    /// A table, partitioned, foreign or neither.
    TABLE,
    VIEW,
    MATERIALIZED_VIEW,
    /// A column of what has rows: `schema.table.column`.
    COLUMN,
    /// A constraint of a table: `schema.table.constraint`.
    CONSTRAINT,
    INDEX,
    STATISTICS,
    /// With the types of its arguments: `schema.name(pg_catalog.int4)`.
    FUNCTION,
    PROCEDURE,
    AGGREGATE,
    OPERATOR,
    CAST,
    TEXT_SEARCH_CONFIGURATION,
    TEXT_SEARCH_DICTIONARY,
    /// `schema.table.trigger`.
    TRIGGER,
    /// `schema.table.rule`.
    RULE,
    /// `schema.table.policy`.
    POLICY,
    EVENT_TRIGGER,
    FOREIGN_DATA_WRAPPER,
    FOREIGN_SERVER,
    /// `role on server`.
    USER_MAPPING,
    PUBLICATION,
    /// `publication: schema.table`.
    PUBLICATION_TABLE,
    /// `publication: schema`.
    PUBLICATION_SCHEMA,
    /// `role: kind of object`, with ` in schema` if it holds there only.
    DEFAULT_PRIVILEGES,
    /// `provider: kind of object and its name`.
    SECURITY_LABEL,
    /// Operator classes and families, conversions, transforms, access methods, parsers and templates of text search.
    OTHER;

    /// As people write it: `materialized view`.
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
