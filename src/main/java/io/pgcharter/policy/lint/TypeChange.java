package io.pgcharter.policy.lint;

import java.util.List;
import java.util.Set;

/// What `ALTER COLUMN … TYPE` costs. The rows stay as they are only where each value's bytes mean the same in the
/// new type (`pg_cast.castmethod = 'b'`, or a length that only grows); see `ATColumnChangeRequiresRewrite` in
/// PostgreSQL's `tablecmds.c`.
public enum TypeChange {
    /// Nothing is read.
    FREE,
    /// Nothing is read if the session's time zone is UTC; else the table is written anew.
    FREE_IN_UTC,
    REWRITES,
    /// The type that the column has is not known, and the new one says nothing.
    UNKNOWN;

    private static final Set<String> WITH_PRECISION = Set.of("timestamp", "timestamptz", "time", "timetz", "interval");

    static TypeChange of(ColumnType from, ColumnType to, Known known) {
        ColumnType source = known.base(from);
        if (!from.isKnown()) {
            return UNKNOWN;
        }
        if (known.isConstrainedDomain(to)) {
            return REWRITES;
        }
        ColumnType target = known.base(to);
        if (source.array() != target.array()) {
            return REWRITES;
        }
        if (source.name().equals(target.name())) {
            return source.schema().equals(target.schema()) ? grown(source, target) : REWRITES;
        }
        return between(source, target);
    }

    private static TypeChange between(ColumnType source, ColumnType target) {
        String pair = source.name() + ">" + target.name();
        if (!source.schema().isEmpty() || !target.schema().isEmpty()) {
            return REWRITES;
        }
        return switch (pair) {
            case "varchar>text", "cidr>inet", "xml>text", "text>citext", "citext>text", "varchar>citext" -> FREE;
            case "text>varchar", "citext>varchar", "xml>varchar" ->
                target.modifiers().isEmpty() ? FREE : REWRITES;
            case "timestamp>timestamptz", "timestamptz>timestamp" ->
                grown(source, target) == FREE ? FREE_IN_UTC : REWRITES;
            case "int4>oid", "oid>int4", "int4>regclass", "oid>regclass", "regclass>oid" -> FREE;
            default -> REWRITES;
        };
    }

    private static TypeChange grown(ColumnType source, ColumnType target) {
        List<Long> before = source.modifiers();
        List<Long> after = target.modifiers();
        if (before.equals(after)) {
            return FREE;
        }
        String name = source.name();
        if (name.equals("varchar") || name.equals("varbit") || WITH_PRECISION.contains(name) || isZoned(name, target)) {
            return after.isEmpty() || (!before.isEmpty() && after.getFirst() >= before.getFirst()) ? FREE : REWRITES;
        }
        if (name.equals("numeric")) {
            return after.isEmpty()
                            || (!before.isEmpty()
                                    && after.getFirst() >= before.getFirst()
                                    && scale(after) == scale(before))
                    ? FREE
                    : REWRITES;
        }
        return REWRITES;
    }

    private static boolean isZoned(String name, ColumnType target) {
        return name.startsWith("timestamp") && target.name().startsWith("timestamp");
    }

    private static long scale(List<Long> modifiers) {
        return modifiers.size() > 1 ? modifiers.get(1) : 0;
    }
}
