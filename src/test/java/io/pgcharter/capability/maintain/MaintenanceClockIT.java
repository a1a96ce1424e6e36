package io.pgcharter.capability.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Operation.Maintain.Task;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.MaintainRow;
import io.pgcharter.model.operation.Report.Upkeep;
import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.secret.LocalSecrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.guard.Context;
import io.pgcharter.policy.guard.Decision;
import io.pgcharter.policy.guard.Guard;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Maintenance by a clock that the test sets.
class MaintenanceClockIT {
    private static final DatabaseName SHOP = new DatabaseName("shop");

    private final PostgresUrl url = TestServers.fresh(15);
    private Instant now = Clock.systemUTC().instant();

    private void execute(String... statements) {
        for (String statement : statements) {
            try (Session session = Session.open(url, "test")) {
                session.execute(statement);
            }
        }
    }

    /// @param atStep what happens when a step begins
    private Report.Maintain maintain(String plan, Task task, Runnable atStep) {
        String text = """
                charter: 1
                environments: { production: {} }
                databases: { shop: { environment: production, url: "${env:SHOP}" } }
                maintenance: { shop: { %s } }
                """.formatted(plan);
        Charter charter = switch (Charters.parse(text, "charter.yaml", Path.of("/"))) {
            case Charters.Parsed parsed -> parsed.charter();
            case Charters.Rejected rejected -> throw new AssertionError(rejected.errors());
        };
        Operation.Maintain operation = new Operation.Maintain(SHOP, task);
        Decision decision = new Guard(charter, Clock.systemUTC())
                .decide(
                        operation,
                        new Context(
                                new Actor("alice", Optional.empty()),
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                now));
        assertThat(decision).isInstanceOf(Decision.Allowed.class);
        LocalSecrets secrets =
                new LocalSecrets(Map.of("SHOP", TestServers.text(url).reveal()), Path.of("/"));
        return new Maintenance(charter, secrets, () -> now)
                .run(((Decision.Allowed) decision).permit(), operation, new Going(atStep));
    }

    private record Going(Runnable atStep) implements Run {
        @Override
        public RunId id() {
            return new RunId("0f1e2d3c4b5a");
        }

        @Override
        public Step begin(String name, long total, Unit unit) {
            if (name.startsWith("vacuum ")) {
                atStep.run();
            }
            return new Step() {
                @Override
                public void add(long count) {}

                @Override
                public void close() {}
            };
        }

        @Override
        public void check() {}

        @Override
        public void fence() {}
    }

    @Test
    void what_has_not_begun_when_the_window_closes_is_left() {
        now = Instant.parse("2026-11-21T04:59:00Z");
        for (String table : List.of("one", "two")) {
            execute(
                    "create table " + table + " (id int) with (autovacuum_enabled = off)",
                    "insert into " + table + " select generate_series(1, 5000)",
                    "vacuum analyze " + table,
                    "delete from " + table);
        }

        Report.Maintain report = maintain(
                "window: { from: \"01:00\", to: \"05:00\" }",
                Task.VACUUM,
                () -> now = Instant.parse("2026-11-21T05:00:00Z"));

        assertThat(report.rows()).extracting(MaintainRow::outcome).containsExactly(Upkeep.DONE, Upkeep.GIVEN_UP);
        assertThat(report.rows().getLast().result()).isEqualTo("the window closed before its turn came");
    }

    @Test
    void nothing_is_detached_while_two_clocks_contradict_each_other() {
        execute(
                "create table ticks (at date) partition by range (at)",
                "create table ticks_202001 partition of ticks for values from ('2020-01-01') to ('2020-02-01')");
        now = now.minus(Duration.ofHours(2));
        String plan = "partitions: [ { table: public.ticks, by: month, ahead: 1, keep: 1 } ]";

        Report.Maintain report = maintain(plan, Task.PARTITIONS, () -> {});

        assertThat(report.notes())
                .singleElement()
                .satisfies(note -> assertThat(note).contains("minutes apart, so nothing is detached"));
        assertThat(report.rows()).hasSize(2).allMatch(row -> row.result().equals("made and attached"));

        now = Clock.systemUTC().instant();
        assertThat(maintain(plan, Task.PARTITIONS, () -> {}).rows())
                .singleElement()
                .satisfies(
                        row -> assertThat(row.subject() + " " + row.outcome()).isEqualTo("public.ticks_202001 DONE"));
    }
}
