package io.pgcharter.entry.web.page;

import io.pgcharter.entry.web.page.DatabasePage.BackupRow;
import io.pgcharter.entry.web.page.DatabasePage.Chart;
import io.pgcharter.entry.web.page.DatabasePage.CheckRow;
import io.pgcharter.entry.web.page.DatabasePage.QueryRow;
import io.pgcharter.entry.web.page.DatabasePage.Unit;
import io.pgcharter.entry.web.page.Recovery.Point;
import io.pgcharter.entry.web.page.Recovery.Proof;
import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// The page of its database `payments`.
record FleetDatabase(Fleet fleet) {
    private static final String MORE_XID =
            "Run VACUUM (FREEZE) on the tables below at a quiet hour, and find out why autovacuum"
                    + " did not: pgcharter sessions payments shows what holds it back.";

    DatabasePage page() {
        return new DatabasePage(
                new DatabasePage.Head(
                        fleet.odd().apply("payments"),
                        fleet.odd().apply("production"),
                        true,
                        Level.CRIT,
                        fleet.odd().apply("Slot standby_2 keeps 41.2 GB of WAL, and the disk is full in 3 h."),
                        Optional.of("17.2"),
                        OptionalLong.of(412_000_000_000L),
                        Optional.of("daily at 02:00 into onsite, offsite")),
                recovery(),
                new DatabasePage.Holdings(
                        backups(),
                        List.of(
                                new DatabasePage.Listed(
                                        "onsite", Optional.of(Fleet.ago(Duration.ofMinutes(4))), Optional.empty()),
                                new DatabasePage.Listed(
                                        "offsite",
                                        Optional.empty(),
                                        Optional.of(fleet.odd().apply("no answer within 10 s"))))),
                checks(),
                charts(),
                queries(),
                fleet.runs().runs().subList(0, 5),
                Optional.of(fleet.odd().apply("payments")));
    }

    private static Recovery recovery() {
        List<Point> points = new ArrayList<>();
        for (int day = 34; day >= 0; day--) {
            if (day == 17 || day == 16 || day == 9) {
                continue;
            }
            Proof proof = day == 22 ? Proof.FAILED : day % 3 == 0 ? Proof.PROVEN : Proof.UNPROVEN;
            points.add(new Point("%08x".formatted(day * 7_919_773L), night(day), proof));
        }
        Instant from = Fleet.NOW.minus(Duration.ofDays(30));
        Recovery.Goal goal = new Recovery.Goal(
                Duration.ofHours(24), Duration.ofHours(36), from.minus(Duration.ofDays(5)), List.of(night(9)));
        return Recovery.of(from, Fleet.NOW, Optional.of(goal), points);
    }

    private static Instant night(int daysAgo) {
        return Fleet.NOW
                .truncatedTo(ChronoUnit.DAYS)
                .minus(Duration.ofDays(daysAgo))
                .plus(Duration.ofMinutes(124));
    }

    private List<BackupRow> backups() {
        List<BackupRow> rows = new ArrayList<>();
        for (int day = 0; day < 7; day++) {
            Proof proof = day == 4 ? Proof.FAILED : day % 3 == 0 ? Proof.PROVEN : Proof.UNPROVEN;
            rows.add(new BackupRow(
                    "%016x".formatted((day + 3) * 0x9E3779B97F4A7C15L).repeat(4),
                    night(day),
                    "onsite",
                    List.of(fleet.odd().apply("onsite"), fleet.odd().apply("offsite")),
                    proof,
                    proof == Proof.PROVEN ? Optional.of(night(day).plus(Duration.ofHours(3))) : Optional.empty(),
                    OptionalLong.of(151_000_000_000L + day * 700_000_000L),
                    Optional.of(Duration.ofMinutes(22 + day)),
                    day == 5
                            ? Optional.of(fleet.odd().apply("end of quarter, keep for the auditors"))
                            : Optional.empty()));
        }
        return rows;
    }

    private List<CheckRow> checks() {
        return List.of(
                new CheckRow(
                        "slot-retention",
                        Level.CRIT,
                        fleet.odd().apply("slot standby_2 keeps 41.2 GB of WAL"),
                        "A replication slot keeps WAL until its reader has it; one without a reader fills the disk.",
                        "Bring the standby back, or drop the slot: select pg_drop_replication_slot('standby_2').",
                        Fleet.ago(Duration.ofMinutes(52)),
                        List.of(
                                finding("slot standby_2", Level.CRIT, "41.2 GB kept, inactive since 3 h", null),
                                finding(
                                        "slot debezium",
                                        Level.WARN,
                                        "6.1 GB kept",
                                        "the consumer is rebuilt until Monday"))),
                new CheckRow(
                        "xid-age",
                        Level.WARN,
                        fleet.odd().apply("transaction ids are used to 61 %"),
                        "At 100 % the server takes no more writes.",
                        MORE_XID,
                        Fleet.ago(Duration.ofDays(2)),
                        List.of(finding("public.postings", Level.WARN, "1,310,004,211 transactions old", null))),
                new CheckRow(
                        "bloat-index",
                        Level.OK,
                        "",
                        "Space in indexes that holds nothing.",
                        "",
                        Fleet.ago(Duration.ofDays(12)),
                        List.of(finding(
                                "public.orders_created_idx", Level.WARN, "74 % is empty", "rebuilt in December"))),
                ok("connections", "62 of 400"),
                ok("backup-age", "14 h old, at most 26 h"),
                ok("proof-age", "30 h old, at most 8 d"),
                ok("autovacuum", "no table waits"),
                new CheckRow(
                        "standby-delay",
                        Level.NOT_APPLICABLE,
                        "no standby",
                        "",
                        "",
                        Fleet.ago(Duration.ofDays(40)),
                        List.of()),
                ok("tls", "all sessions"));
    }

    private Finding finding(String key, Level level, String text, @org.jspecify.annotations.Nullable String waived) {
        return new Finding(
                fleet.odd().apply(key),
                level,
                fleet.odd().apply(text),
                Optional.ofNullable(waived).map(fleet.odd()));
    }

    private CheckRow ok(String check, String message) {
        return new CheckRow(
                check, Level.OK, fleet.odd().apply(message), "", "", Fleet.ago(Duration.ofDays(6)), List.of());
    }

    private List<Chart> charts() {
        return List.of(
                new Chart("connections", "Connections", Unit.COUNT, "/metrics/connections.json", Fleet.wave(96, 62, 3)),
                new Chart(
                        "transactions",
                        "Transactions",
                        Unit.PER_SECOND,
                        "/metrics/transactions.json",
                        Fleet.wave(96, 1840, 5)),
                new Chart(
                        "hits", "Reads served from memory", Unit.PERCENT, "/metrics/hits.json", Fleet.wave(96, 60, 1)),
                new Chart("size", "Size", Unit.BYTES, "/metrics/size.json", Fleet.wave(96, 4.1e11, 9)));
    }

    private List<QueryRow> queries() {
        return List.of(
                new QueryRow(
                        fleet.odd()
                                .apply(
                                        "select p.id, p.amount, a.iban from payments p join accounts a on a.id = p.account_id"
                                                + " where p.state = $1 and p.created_at > $2 order by p.created_at limit $3"),
                        4_120_331,
                        12.4,
                        .38,
                        OptionalDouble.of(2.4),
                        false),
                new QueryRow(
                        fleet.odd().apply("update accounts set balance = balance + $1 where id = $2"),
                        9_910_042,
                        .21,
                        .16,
                        OptionalDouble.of(1.01),
                        false),
                new QueryRow(
                        fleet.odd().apply("select count(*) from audit_log where actor = $1"),
                        311,
                        4_210,
                        .09,
                        OptionalDouble.empty(),
                        true));
    }
}
