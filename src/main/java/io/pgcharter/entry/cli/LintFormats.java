package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.model.operation.SchemaReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Findings as other programs read them.
final class LintFormats {
    private LintFormats() {}

    /// Static Analysis Results Interchange Format, version 2.1.0 (OASIS): one document, one run.
    static String sarif(List<SchemaReport.Lint> reports) {
        List<LintFinding> findings =
                reports.stream().flatMap(report -> report.findings().stream()).toList();
        Map<String, Map<String, Object>> rules = new LinkedHashMap<>();
        findings.forEach(finding -> rules.putIfAbsent(
                finding.rule(),
                Map.of(
                        "id", finding.rule(),
                        "shortDescription", Map.of("text", finding.why()),
                        "help", Map.of("text", finding.advice()))));
        return OutcomeJson.text(Map.of(
                "$schema",
                "https://json.schemastore.org/sarif-2.1.0.json",
                "version",
                "2.1.0",
                "runs",
                List.of(Map.of(
                        "tool",
                        Map.of("driver", Map.of("name", "pgcharter lint", "rules", List.copyOf(rules.values()))),
                        "columnKind",
                        "unicodeCodePoints",
                        "results",
                        findings.stream().map(LintFormats::result).toList()))));
    }

    private static Map<String, Object> result(LintFinding finding) {
        return Map.of(
                "ruleId",
                finding.rule(),
                "level",
                switch (finding.severity()) {
                    case ERROR -> "error";
                    case WARNING -> "warning";
                    case NOTICE -> "note";
                },
                "message",
                Map.of("text", finding.message() + ". " + finding.advice()),
                "locations",
                List.of(Map.of(
                        "physicalLocation",
                        Map.of(
                                "artifactLocation",
                                Map.of("uri", finding.file()),
                                "region",
                                Map.of("startLine", finding.line(), "startColumn", finding.column())))));
    }

    /// Workflow commands of GitHub Actions, one a line.
    static List<String> github(List<SchemaReport.Lint> reports) {
        return reports.stream()
                .flatMap(report -> report.findings().stream())
                .map(finding -> "::"
                        + (finding.severity() == Severity.ERROR
                                ? "error"
                                : finding.severity() == Severity.WARNING ? "warning" : "notice")
                        + " file=" + property(finding.file()) + ",line=" + finding.line() + ",col=" + finding.column()
                        + ",title=" + property(finding.rule()) + "::"
                        + data(finding.message() + ". " + finding.why() + " Safe: " + finding.advice()))
                .toList();
    }

    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
