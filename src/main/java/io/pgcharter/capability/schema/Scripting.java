package io.pgcharter.capability.schema;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.ProvenScript;
import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.schema.Online;
import io.pgcharter.policy.schema.Online.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the script that gives a target a source's schema: proven, judged by lint on the target's sizes, and taken
/// apart into steps where a statement of it would keep people waiting. Used by one thread.
final class Scripting {
    private final Side source;
    private final Side target;
    private final SqlParser parser;
    private final ScriptJudge judge;
    private final Run run;

    Scripting(Side source, Side target, SqlParser parser, ScriptJudge judge, Run run) {
        this.source = source;
        this.target = target;
        this.parser = parser;
        this.judge = judge;
        this.run = run;
    }

    /// @param script proven
    /// @param online the statements that it does not hold as they were, since they would take long
    /// @param findings of lint on what the script holds, with the line of its text
    record Scripted(ProvenScript script, List<String> online, List<LintFinding> findings) {}

    /// @param scratchServer as [Proving] takes it
    /// @throws ProblemException `SCHEMA_UNPROVEN`; what connecting meets
    Scripted scripted(PostgresUrl scratchServer) {
        Proving proving = new Proving(scratchServer, source, target, run);
        ProvenScript whole = proving.prove();
        String body = String.join("\n", whole.statements());
        List<LintFinding> findings = judge.judge(body, new DatabaseName(target.name()), run);
        List<Part> parts = parts(whole.statements(), findings);
        Online.Draft draft = Online.draft(parts, target.catalog());
        ProvenScript script = draft.isPlain() ? whole : inSteps(proving, draft, whole);
        List<String> online = parts.stream()
                .filter(part -> part.safe().isPresent())
                .map(Part::statement)
                .filter(statement -> !script.statements().contains(statement))
                .toList();
        return new Scripted(script, online, placed(findings, whole.statements(), script));
    }

    /// Where no steps can be proven, it is one transaction, of which lint says what it does; why is told.
    private ProvenScript inSteps(Proving proving, Online.Draft draft, ProvenScript whole) {
        try {
            return proving.proveInSteps(draft, whole.losses());
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.SCHEMA_UNPROVEN
                    || e.problem().code() == ProblemCode.STATEMENT_FAILED) {
                try (Run.Step _ = run.begin(
                        "one transaction, for steps could not be proven: "
                                + e.problem().cause().lines().findFirst().orElse(""),
                        0,
                        Run.Unit.ITEMS)) {
                    return whole;
                }
            }
            throw e;
        }
    }

    private List<Part> parts(List<String> statements, List<LintFinding> findings) {
        List<Part> parts = new ArrayList<>();
        int line = 1;
        for (String statement : statements) {
            int next = line + lines(statement);
            int from = line;
            Optional<String> safe = findings.stream()
                    .filter(finding -> finding.line() >= from && finding.line() < next)
                    .filter(finding -> finding.severity() != Severity.NOTICE)
                    .flatMap(finding -> finding.sql().stream())
                    .findFirst();
            parts.add(new Part(statement, node(statement), safe));
            line = next;
        }
        return parts;
    }

    private Node node(String statement) {
        return switch (parser.parse(statement)) {
            case Parsed.Sql(var script)
            when script.statements().size() == 1 ->
                script.statements().getFirst().node();
            case Parsed.Sql _, Parsed.Broken _ -> Node.NONE;
        };
    }

    /// Those of statements that the script holds, where it holds them.
    private static List<LintFinding> placed(List<LintFinding> findings, List<String> statements, ProvenScript script) {
        List<LintFinding> placed = new ArrayList<>();
        String text = "\n" + script.text();
        int line = 1;
        for (String statement : statements) {
            int from = line;
            line += lines(statement);
            int until = line;
            int at = text.indexOf("\n" + statement + "\n");
            if (at >= 0) {
                int above = (int)
                        text.substring(0, at + 1).chars().filter(c -> c == '\n').count();
                findings.stream()
                        .filter(finding -> finding.line() >= from && finding.line() < until)
                        .forEach(finding -> placed.add(finding.atLine(above + finding.line() - from)));
            }
        }
        return placed;
    }

    private static int lines(String statement) {
        return 1 + (int) statement.chars().filter(c -> c == '\n').count();
    }
}
