package io.pgcharter.platform.definition;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Carries definitions out in an empty database. One that fails is tried again when others are there: the order in
/// which all of them succeeded is one that their dependencies allow, however they are tangled.
final class Making {
    /// As `pg_dump` begins its scripts.
    private static final String SETTINGS = """
            SET statement_timeout = 0;
            SET lock_timeout = 0;
            SET client_encoding = 'UTF8';
            SET standard_conforming_strings = on;
            SELECT pg_catalog.set_config('search_path', '', false);
            SET check_function_bodies = false;
            SET xmloption = content;
            SET client_min_messages = warning;
            SET row_security = off;
            SET default_tablespace = '';

            """;

    /// What may come after the rows, if it needs a key or an index. The others hold rows, or tell what rows are.
    private static final Set<String> MAY_BE_LATE = Set.of(
            "VIEW",
            "MATERIALIZED VIEW",
            "FUNCTION",
            "PROCEDURE",
            "AGGREGATE",
            "OPERATOR",
            "CAST",
            "TRANSFORM",
            "DEFAULT");

    private final Session session;
    private final Run run;

    Making(Session session, Run run) {
        this.session = session;
        this.run = run;
    }

    /// @param all by stage
    Definitions.Script script(List<Definition> all) {
        session.execute(SETTINGS);
        List<Definition> before = new ArrayList<>(
                all.stream().filter(each -> each.stage().isBeforeRows()).toList());
        List<Definition> after = new ArrayList<>(
                all.stream().filter(each -> !each.stage().isBeforeRows()).toList());
        List<Definition> late = new ArrayList<>();
        List<Definition> preData = new ArrayList<>();
        Stuck stuck = advance(before, preData);
        // Twice as many each time: in a small schema no more than it takes, in a large one soon enough.
        for (int many = 1; !stuck.isEmpty() && standIn(many, stuck.left(), preData, late); many *= 2) {
            stuck = advance(stuck.left(), preData);
        }
        for (Definition each : stuck.left()) {
            if (!MAY_BE_LATE.contains(each.type())) {
                throw stuck.problem(each);
            }
            late.add(each.late());
        }
        int place = (int) after.stream()
                .filter(each -> each.stage().compareTo(Stage.LATE) < 0)
                .count();
        after.addAll(place, late);
        List<Definition> postData = new ArrayList<>();
        Stuck end = advance(after, postData);
        if (!end.isEmpty()) {
            throw end.problem(end.left().getFirst());
        }
        return new Definitions.Script(text(preData), text(postData), List.of());
    }

    private static String text(List<Definition> definitions) {
        StringBuilder text = new StringBuilder(SETTINGS);
        definitions.forEach(each -> text.append(each.entry()));
        return text.toString();
    }

    /// Puts stand-ins. @return whether any is there
    private boolean standIn(int max, List<Definition> left, List<Definition> done, List<Definition> late) {
        int count = 0;
        for (Definition each : List.copyOf(left)) {
            if (count < max
                    && each.standin().isPresent()
                    && attempt(each.stoodInFor()).isEmpty()) {
                done.add(each.stoodInFor());
                late.add(each.inItsPlace());
                left.remove(each);
                count++;
            }
        }
        return count > 0;
    }

    /// What no round could make, and why.
    private record Stuck(List<Definition> left, List<ProblemException> why) {
        boolean isEmpty() {
            return left.isEmpty();
        }

        ProblemException problem(Definition definition) {
            ProblemException failure = why.get(left.indexOf(definition));
            String extension = definition.type().equals("EXTENSION")
                    ? "install the extension's package on this machine (apt search postgresql-<major>-), or "
                    : "";
            return new ProblemException(
                    new Problem(
                            ProblemCode.SCHEMA_UNPROVEN,
                            definition.label() + " cannot be made anew on a scratch server",
                            failure.problem().cause(),
                            extension
                                    + "install the PostgreSQL client of the server's version, whose pg_dump is used then"),
                    failure);
        }
    }

    private Stuck advance(List<Definition> definitions, List<Definition> done) {
        List<Definition> left = definitions;
        while (true) {
            List<Definition> later = new ArrayList<>();
            List<ProblemException> why = new ArrayList<>();
            for (Definition definition : left) {
                run.check();
                Optional<ProblemException> failure = attempt(definition);
                if (failure.isEmpty()) {
                    done.add(definition);
                } else {
                    later.add(definition);
                    why.add(failure.get());
                }
            }
            if (later.isEmpty() || later.size() == left.size()) {
                return new Stuck(later, why);
            }
            left = later;
        }
    }

    /// All statements of a definition, or none: together they are one transaction.
    private Optional<ProblemException> attempt(Definition definition) {
        try {
            session.execute(withoutPlaces(definition.sql()));
            return Optional.empty();
        } catch (ProblemException e) {
            if (Session.sqlState(e.problem()).isEmpty()) {
                throw e;
            }
            return Optional.of(e);
        }
    }

    /// A scratch server has no tablespaces.
    private static String withoutPlaces(String sql) {
        return sql.startsWith("SET default_tablespace = ") ? sql.substring(sql.indexOf(";\n") + 1) : sql;
    }
}
