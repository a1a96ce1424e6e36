package io.pgcharter.capability.schema;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.migration.Recorded.State;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ObjectName;
import io.pgcharter.platform.history.History;
import io.pgcharter.platform.layout.Layouts;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.migration.Ledger;
import io.pgcharter.policy.migration.Ledger.Entry;
import io.pgcharter.policy.migration.Ledger.Standing;
import io.pgcharter.policy.migration.Passage;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the migrations that a database's history has make of an empty one, on a scratch server. Where that cannot be
/// known it is said, and never taken for no drift.
final class OwnMigrations {
    private final Side live;
    private final Migrations plan;
    private final History history;
    private final SqlParser parser;
    private final Run run;

    OwnMigrations(Side live, Migrations plan, SqlParser parser, Run run) {
        this.live = live;
        this.plan = plan;
        this.history = History.of(plan.layout(), plan.schema());
        this.parser = parser;
        this.run = run;
    }

    /// How a role works in the database: as whom, and where it looks names up.
    private record Footing(String role, String searchPath, List<Migration> applied) {}

    /// The catalog of a scratch database in which they were carried out.
    ///
    /// @param scratchServer the superuser's, of the database's major version; roles and databases are made on it,
    ///     and stay
    /// @throws ProblemException `SCHEMA_UNPROVEN` if it cannot be known; `MIGRATIONS_INVALID`, `SQL_INVALID`
    Catalog made(PostgresUrl scratchServer) {
        Footing footing = footing();
        Optional<ProblemException> alone = Optional.empty();
        // An administrator may have made the extensions before; then nothing but that is missing.
        for (boolean withExtensions : new boolean[] {false, true}) {
            PostgresUrl scratch = database(scratchServer, footing.role());
            try (Session session = Session.open(scratch, "drift")) {
                if (withExtensions) {
                    extensions(session);
                }
                Optional<ProblemException> failure = carriedOut(session, footing);
                if (failure.isEmpty()) {
                    return Side.read("the migrations", scratch).catalog();
                }
                alone = alone.or(() -> failure);
            }
        }
        throw alone.orElseThrow();
    }

    private Footing footing() {
        try (Session session = Session.open(live.url(), "drift")) {
            session.limitSilence();
            return new Footing(
                    session.query("select current_user").getFirst().string(0),
                    session.query("select pg_catalog.current_setting('search_path')")
                            .getFirst()
                            .string(0),
                    applied(session));
        }
    }

    /// In the order of carrying out.
    private List<Migration> applied(Session session) {
        if (!history.exists(session)) {
            throw unknown(
                    "it has no history '" + history.tableName() + "'", "pgcharter migrate baseline " + live.name());
        }
        List<Migration> disk = Layouts.read(plan.layout(), Path.of(plan.path()), SqlParser.BYTES_MOST);
        Ledger ledger = Ledger.of(disk, history.read(session));
        Set<Migration> there = new HashSet<>();
        Optional<Migration> start = Optional.empty();
        for (Entry entry : ledger.entries()) {
            requireKnown(entry, ledger);
            boolean isIn = entry.standing() == Standing.APPLIED || entry.standing() == Standing.BASELINED;
            if (isIn) {
                entry.migration().ifPresent(there::add);
                start = start.or(() -> entry.migration().filter(file -> file.kind() == Kind.BASELINE));
            }
        }
        Optional<Migration> baseline = start;
        return disk.stream()
                .filter(there::contains)
                .filter(file -> file.kind() != Kind.VERSIONED
                        || baseline.filter(from -> file.version().compareTo(from.version()) <= 0)
                                .isEmpty())
                .sorted(Comparator.comparing(file -> switch (file.kind()) {
                    case BASELINE -> 0;
                    case VERSIONED -> 1;
                    case REPEATABLE -> 2;
                }))
                .toList();
    }

    private void requireKnown(Entry entry, Ledger ledger) {
        String status = "pgcharter migrate status " + live.name();
        switch (entry.standing()) {
            case FAILED -> throw unknown("'" + entry.name() + "' was begun and did not end", status);
            case EDITED, CHANGED -> throw unknown("'" + entry.name() + "' was changed since it was applied", status);
            case MISSING -> throw unknown("'" + entry.name() + "' was applied, and there is no such file", status);
            case APPLIED, BASELINED -> {
                if (entry.migration().isEmpty() && !isStoodFor(entry, ledger)) {
                    throw unknown("what '" + entry.name() + "' made is in no file", status);
                }
            }
            case PENDING, OUT_OF_ORDER -> {
                // Not in the database.
            }
        }
    }

    /// Whether a baseline only says that files, which are all there, need not be carried out.
    private static boolean isStoodFor(Entry entry, Ledger ledger) {
        return entry.recorded().filter(row -> row.state() == State.BASELINE).isPresent()
                && ledger.entries().stream()
                        .anyMatch(other -> other.standing() == Standing.BASELINED
                                && other.migration().isPresent());
    }

    /// Roles are the live database's by name; each may do everything, for who may do what was asked there.
    private PostgresUrl database(PostgresUrl server, String role) {
        Set<String> roles = new TreeSet<>(live.catalog().roles());
        roles.add(role);
        String name = "drift_" + Long.toHexString(System.nanoTime());
        try (Session session = Session.open(server, "drift")) {
            for (String each : roles) {
                if (session.query("select from pg_roles where rolname = $1", each)
                        .isEmpty()) {
                    session.execute("create role " + Quoting.identifier(each) + " superuser");
                }
            }
            session.execute("create database " + name + " template template0 owner " + Quoting.identifier(role));
        }
        PostgresUrl scratch = server.withDatabase(name);
        try (Session session = Session.open(scratch, "drift")) {
            session.execute("create schema if not exists " + Quoting.identifier(plan.schema()) + " authorization "
                    + Quoting.identifier(role));
        }
        return scratch;
    }

    private void extensions(Session session) {
        for (Map.Entry<ObjectName, SortedMap<String, String>> object :
                live.catalog().objects().entrySet()) {
            if (object.getKey().kind() == ObjectKind.EXTENSION) {
                String schema = object.getValue().getOrDefault("schema", "public");
                if (!schema.equals("pg_catalog")) {
                    session.execute("create schema if not exists " + schema);
                }
                session.execute("create extension if not exists "
                        + object.getKey().text() + " with schema " + schema + " cascade");
            }
        }
    }

    /// @return why one could not be, if so
    private Optional<ProblemException> carriedOut(Session session, Footing footing) {
        for (Migration migration : footing.applied()) {
            Passage passage =
                    Passage.of(migration.up(), parser.parse(migration.up().text()));
            session.execute("reset session authorization; reset role; reset all; set session authorization "
                    + Quoting.identifier(footing.role()) + "; set search_path = "
                    + history.searchPath(footing.searchPath()));
            boolean isOne = passage.mode() == Passage.Mode.TRANSACTION;
            if (isOne) {
                session.execute("begin");
            }
            for (int index = 0; index < passage.steps().size(); index++) {
                run.check();
                try {
                    session.execute(passage.steps().get(index).sql());
                } catch (ProblemException e) {
                    return Optional.of(unknown(
                            "on a scratch server " + passage.at(index) + " fails: "
                                    + e.problem().cause(),
                            "see whether it needs what is not on this machine; pgcharter schema drift " + live.name()
                                    + " --from OTHER compares with another database"));
                }
            }
            if (isOne) {
                session.execute("commit");
            }
        }
        return Optional.empty();
    }

    private ProblemException unknown(String cause, String remedy) {
        return new ProblemException(
                ProblemCode.SCHEMA_UNPROVEN,
                "whether '" + live.name() + "' is as its migrations make it is not known",
                cause,
                remedy);
    }

    /// What migrations answer for: not their history, and not what is the server's, as versions of extensions and
    /// tablespaces are.
    Catalog answeredFor(Catalog catalog) {
        String table = catalogName(history);
        SortedMap<ObjectName, SortedMap<String, String>> objects = new TreeMap<>();
        catalog.objects().forEach((name, attributes) -> {
            if (!isOf(table, name, attributes)) {
                SortedMap<String, String> kept = new TreeMap<>(attributes);
                kept.remove("tablespace");
                if (name.kind() == ObjectKind.EXTENSION) {
                    kept.remove("version");
                }
                // Before PostgreSQL 15 it is whoever made the server.
                if (name.kind() == ObjectKind.SCHEMA && name.text().equals("public") && catalog.serverMajor() < 15) {
                    kept.remove("owner");
                }
                objects.put(name, kept);
            }
        });
        return new Catalog(catalog.serverMajor(), catalog.roles(), objects);
    }

    private String catalogName(History of) {
        try (Session session = Session.open(live.url(), "drift")) {
            return session.query("select quote_ident($1) || '.' || quote_ident($2)", of.schema(), of.tableName())
                    .getFirst()
                    .string(0);
        }
    }

    private static boolean isOf(String table, ObjectName name, SortedMap<String, String> attributes) {
        return switch (name.kind()) {
            case TABLE -> name.text().equals(table);
            case COLUMN, CONSTRAINT, TRIGGER, RULE, POLICY -> name.text().startsWith(table + ".");
            case INDEX -> attributes.getOrDefault("definition", "").contains(" ON " + table + " USING ");
            case SEQUENCE -> attributes.getOrDefault("owned by", "").startsWith(table + ".");
            case SCHEMA, EXTENSION, LANGUAGE, COLLATION, TYPE, DOMAIN, DOMAIN_CONSTRAINT, VIEW, MATERIALIZED_VIEW ->
                false;
            case STATISTICS, FUNCTION, PROCEDURE, AGGREGATE, OPERATOR, CAST, EVENT_TRIGGER, SECURITY_LABEL, OTHER ->
                false;
            case TEXT_SEARCH_CONFIGURATION, TEXT_SEARCH_DICTIONARY, DEFAULT_PRIVILEGES -> false;
            case FOREIGN_DATA_WRAPPER, FOREIGN_SERVER, USER_MAPPING -> false;
            case PUBLICATION, PUBLICATION_TABLE, PUBLICATION_SCHEMA -> false;
        };
    }
}
