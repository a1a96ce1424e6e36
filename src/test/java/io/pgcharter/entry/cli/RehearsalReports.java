package io.pgcharter.entry.cli;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.RehearsalReport;
import io.pgcharter.model.operation.RehearsalReport.Finding;
import io.pgcharter.model.operation.RehearsalReport.Lock;
import io.pgcharter.model.operation.RehearsalReport.Measure;
import io.pgcharter.model.operation.RehearsalReport.Rows;
import io.pgcharter.model.operation.RehearsalReport.Standing;
import io.pgcharter.model.operation.SchemaReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// A rehearsal as engines would report it.
final class RehearsalReports {
    private RehearsalReports() {}

    static SchemaReport.Rehearse of(DatabaseName database) {
        Measure measure = new Measure(
                3,
                "alter table users alter id type bigint",
                Standing.WITHIN,
                20,
                200,
                10,
                List.of(new Lock(
                        "public.users", "public.users", "access exclusive", 20, 200, false, OptionalDouble.of(4.2))),
                List.of("public.users"),
                Optional.of(Map.of("public.users", new Rows(1000, 0, 0, 0))),
                300_000,
                0);
        return new SchemaReport.Rehearse(
                database,
                new MigrationsName("shop"),
                Optional.of(new RehearsalReport(
                        "e".repeat(64),
                        new RehearsalReport.Basis(
                                new BackupId("b".repeat(64)),
                                new RepositoryName("vault"),
                                Instant.parse("2026-01-01T12:00:00Z"),
                                Instant.parse("2026-01-01T13:00:00Z"),
                                18,
                                4_000),
                        List.of("2_b"),
                        List.of(new RehearsalReport.Performed("3_c", "m/3_c.sql", true, List.of(measure))),
                        Optional.of(new RehearsalReport.Failure(
                                "3_c",
                                "m/3_c.sql:5",
                                "alter table users add unique (email)",
                                "23505",
                                "SQLSTATE 23505",
                                List.of(new Finding(
                                        5, "users", "duplicates of (email)", 2, List.of("id = 1", "id = 7"))),
                                List.of())),
                        Optional.empty(),
                        new RehearsalReport.Whole(20, 200, 200, 3_000_000, 1, OptionalDouble.of(4.2), "since noon"),
                        "a".repeat(64),
                        Optional.empty(),
                        List.of(new RehearsalReport.Limit(
                                "held", "100 ms", "200 ms", RehearsalReport.Verdict.EXCEEDED)),
                        false,
                        9_000,
                        List.of())));
    }

    /// One that passed.
    static SchemaReport.Rehearse broughtBack(DatabaseName database) {
        SchemaReport.Rehearse failed = of(database);
        RehearsalReport report = failed.rehearsed().orElseThrow();
        return new SchemaReport.Rehearse(
                database,
                failed.migrations(),
                Optional.of(new RehearsalReport(
                        report.pin(),
                        report.basis(),
                        List.of(),
                        report.migrations(),
                        Optional.empty(),
                        Optional.of(new RehearsalReport.WayBack(
                                List.of(), Optional.empty(), List.of(), List.of(), 3, Optional.of(List.of()))),
                        report.whole(),
                        report.before(),
                        Optional.of("c".repeat(64)),
                        List.of(),
                        true,
                        report.milliseconds(),
                        List.of())));
    }
}
