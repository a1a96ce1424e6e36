package io.pgcharter.entry.web.page;

import io.pgcharter.entry.corridor.JournalLine;
import io.pgcharter.entry.web.page.Frame.Pending;
import io.pgcharter.entry.web.page.Frame.Theme;
import io.pgcharter.entry.web.page.Frame.Visitor;
import io.pgcharter.entry.web.page.Overview.Card;
import io.pgcharter.entry.web.page.Overview.Flow;
import io.pgcharter.entry.web.page.Overview.Lane;
import io.pgcharter.entry.web.page.Overview.Notice;
import io.pgcharter.entry.web.page.Overview.Rule;
import io.pgcharter.entry.web.page.Overview.Working;
import io.pgcharter.entry.web.page.RunSummary.State;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.operation.Run;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// An installation as a bank of middle size might have it, as values for pages.
///
/// @param odd what names and texts are turned into; identity for what people write
record Fleet(UnaryOperator<String> odd) {
    static final Instant NOW = Instant.parse("2026-11-21T16:04:00Z");

    Frame frame(Role role) {
        return new Frame(
                Optional.of(new Visitor(odd.apply("ines.carvalho"), role)),
                "7f3ac0ffee",
                NOW,
                Theme.AUTO,
                new Pending(Level.CRIT, 2, 2, 1));
    }

    static Frame outside() {
        return Frame.outside("7f3ac0ffee", NOW, Theme.AUTO);
    }

    Overview overview() {
        List<Lane> lanes = List.of(
                new Lane(
                        odd.apply("production"),
                        true,
                        List.of(
                                card("payments", Level.CRIT, "slot standby_2 keeps 41.2 GB of WAL", 3, 30, 412_000, 62),
                                working(card("ledger", Level.OK, "", 14, 14, 1_230_000, 34)),
                                card("customers", Level.OK, "", 14, 38, 88_000, 120),
                                card(
                                        "cards",
                                        Level.WARN,
                                        "3 indexes are bloated by more than half",
                                        13,
                                        61,
                                        240_000,
                                        48),
                                card("notifications", Level.OK, "", 14, 14, 9_400, 12),
                                card(
                                        "documents",
                                        Level.UNKNOWN,
                                        "no answer within 10 s: connection refused",
                                        38,
                                        62,
                                        730_000,
                                        0))),
                new Lane(
                        odd.apply("staging"),
                        false,
                        List.of(
                                card("payments-staging", Level.OK, "", 38, 400, 61_000, 9),
                                card("ledger-staging", Level.OK, "", 38, -1, 92_000, 4),
                                unplanned("customers-staging", 8_100))),
                new Lane(
                        odd.apply("development"),
                        false,
                        List.of(unplanned("payments-dev", 1_900), unplanned("ledger-dev", 2_400))));
        return new Overview(lanes, flows(), notices());
    }

    private List<Flow> flows() {
        String production = odd.apply("production");
        String staging = odd.apply("staging");
        String development = odd.apply("development");
        return List.of(
                new Flow(production, staging, "data", Rule.APPROVAL, "2 approvals of dba", "charter.yaml:41"),
                new Flow(staging, development, "data", Rule.ALLOW, "allowed", "charter.yaml:42"),
                new Flow(production, development, "schema", Rule.CONFIRM, "by name", "charter.yaml:43"),
                new Flow(development, staging, "migration", Rule.ALLOW, "allowed", "charter.yaml:44"),
                new Flow(staging, production, "migration", Rule.APPROVAL, "1 approval of lead", "charter.yaml:45"));
    }

    private List<Notice> notices() {
        return List.of(
                new Notice(
                        Level.CRIT,
                        odd.apply("payments"),
                        odd.apply("slot standby_2 keeps 41.2 GB of WAL, and the disk is full in 3 h"),
                        Optional.of(ago(Duration.ofMinutes(52))),
                        "/alerts#alert-a1"),
                new Notice(
                        Level.UNKNOWN,
                        odd.apply("documents"),
                        odd.apply("no answer within 10 s: connection refused"),
                        Optional.of(ago(Duration.ofMinutes(7))),
                        "/databases/documents"),
                new Notice(
                        Level.WARN,
                        "2 approvals",
                        odd.apply("wait for you: copy of payments into payments-staging, and one more"),
                        Optional.of(ago(Duration.ofHours(3))),
                        "/approvals"));
    }

    /// `count` databases in four environments; most are well.
    Overview overview(int count) {
        List<Lane> lanes = new ArrayList<>();
        for (String environment : List.of("production", "acceptance", "staging", "development")) {
            List<Card> cards = IntStream.range(0, count / 4)
                    .mapToObj(number -> card(
                            "service-%04d-%s".formatted(number, environment),
                            number % 53 == 0 ? Level.CRIT : number % 31 == 0 ? Level.WARN : Level.OK,
                            "the oldest transaction is 3 h old",
                            number % 40,
                            number % 90,
                            1000L + number * 37L,
                            number))
                    .toList();
            lanes.add(new Lane(odd.apply(environment), environment.equals("production"), cards));
        }
        return new Overview(lanes, flows(), notices());
    }

    private Card card(
            String name, Level level, String message, int backupHours, int proofHours, long megabytes, double load) {
        return new Card(
                odd.apply(name),
                level,
                odd.apply(message),
                true,
                Optional.of(ago(Duration.ofHours(backupHours))),
                proofHours < 0 ? Optional.empty() : Optional.of(ago(Duration.ofHours(proofHours))),
                OptionalLong.of(megabytes * 1_000_000),
                wave(48, load, name.hashCode()),
                Optional.empty());
    }

    private static Card working(Card card) {
        return new Card(
                card.database(),
                card.level(),
                card.message(),
                card.planned(),
                card.backupAt(),
                card.provenAt(),
                card.sizeBytes(),
                card.connections(),
                Optional.of(new Working("r-20261121-1601-9c2f", "backup", OptionalDouble.of(.42))));
    }

    private Card unplanned(String name, long megabytes) {
        return new Card(
                odd.apply(name),
                Level.OK,
                "",
                false,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.of(megabytes * 1_000_000),
                wave(48, 3, name.hashCode()),
                Optional.empty());
    }

    /// Load as a day has it, always the same for the same seed.
    static List<Double> wave(int count, double height, int seed) {
        Random random = new Random(seed);
        double busy = random.nextDouble() * 6;
        return IntStream.range(0, count)
                .mapToObj(at -> height
                        * Math.max(0, .62 + .3 * Math.sin(at * 6.0 / count + busy) + .09 * random.nextGaussian()))
                .toList();
    }

    DatabasePage database() {
        return new FleetDatabase(this).page();
    }

    RunList runs() {
        return new RunList(
                List.of(
                        run("9c2f", "backup of ledger into onsite and offsite", State.RUNNING, 3, null),
                        run("81aa", "verification of backup 4f1d22ac of payments in onsite", State.DONE, 64, null),
                        run(
                                "77e0",
                                "copy of payments into payments-staging",
                                State.FAILED,
                                190,
                                "the table 'public.orders' was rewritten by somebody while it was read"),
                        run("6b13", "reindex maintenance of cards", State.CANCELLED, 700, null),
                        run("5a02", "backup of payments into onsite and offsite", State.DONE, 840, null),
                        run("49d1", "backup of documents into onsite", State.LOST, 2280, "its process is gone"),
                        run("3fc4", "retention of payments in onsite", State.DONE, 2300, null)),
                Optional.empty(),
                Optional.of("3fc4"));
    }

    private RunSummary run(
            String id, String what, State state, int minutes, @org.jspecify.annotations.Nullable String note) {
        return new RunSummary(
                "r-20261121-" + id,
                what.split(" ", -1)[0],
                odd.apply(what),
                state == State.FAILED ? odd.apply("joao") : "schedule",
                odd.apply("node-1"),
                List.of("database/payments"),
                ago(Duration.ofMinutes(minutes)),
                state == State.RUNNING
                        ? Optional.empty()
                        : Optional.of(ago(Duration.ofMinutes(minutes)).plusSeconds(22 * 60 + 13)),
                state,
                Optional.ofNullable(note).map(odd));
    }

    RunPage running(double share) {
        long total = 1_230_000_000_000L;
        return new RunPage(
                runs().runs().getFirst(),
                List.of(
                        step("reading the schema", Run.Unit.ITEMS, 0, 412, true),
                        step("copying tables", Run.Unit.BYTES, total, Math.round(total * share), false),
                        step("building indexes", Run.Unit.ITEMS, 0, 0, false)),
                false,
                new Ending(List.of(), Optional.empty()));
    }

    private StepLine step(String name, Run.Unit unit, long total, long done, boolean ended) {
        boolean paced = total > 0 && !ended;
        return new StepLine(
                odd.apply(name),
                unit,
                total,
                done,
                ended,
                paced ? OptionalDouble.of(178_400_000) : OptionalDouble.empty(),
                paced ? Optional.of(Duration.ofSeconds((total - done) / 178_400_000 + 1)) : Optional.empty());
    }

    RunPage done() {
        return new RunPage(
                runs().runs().get(1),
                List.of(
                        step(
                                "restoring into a scratch server",
                                Run.Unit.BYTES,
                                412_000_000_000L,
                                412_000_000_000L,
                                true),
                        step("comparing tables", Run.Unit.ITEMS, 412, 412, true)),
                false,
                Ending.of(Optional.of("""
                        {"backup": "4f1d22ac", "restoredInMillis": 1322000, "tables": 412, "rows": 1310004211,
                         "contentBytes": 412000000000, "smokeQueries": [1, 2, 3], "proven": true}""")));
    }

    RunPage failed() {
        return new RunPage(
                runs().runs().get(2),
                List.of(step("copying tables", Run.Unit.BYTES, 412_000_000_000L, 51_000_000_000L, false)),
                false,
                new Ending(
                        List.of(),
                        Optional.of(new Trouble(
                                "TABLE_CHANGED",
                                odd.apply("the table 'public.orders' was rewritten by somebody while it was read"),
                                odd.apply(
                                        "a VACUUM FULL, CLUSTER or ALTER TABLE ran between the snapshot and its turn"),
                                odd.apply("run the copy again at a time without such work")))));
    }

    DecisionPage decision(DecisionPage.Kind kind) {
        return new DecisionPage(
                odd.apply("copy of payments-dev into payments"),
                kind,
                List.of(
                        new DecisionPage.Reason(
                                "flow",
                                odd.apply("no flow of data leads from 'development' to 'production'"),
                                "charter.yaml:40"),
                        new DecisionPage.Reason("protected", odd.apply("'production' is protected"), "charter.yaml:3")),
                kind == DecisionPage.Kind.WAITING ? Optional.of("7f3a") : Optional.empty(),
                kind == DecisionPage.Kind.CONFIRM
                        ? Optional.of(new DecisionPage.Again(
                                odd.apply("payments"),
                                "/databases/payments/backup",
                                new LinkedHashMap<>(Map.of("task", odd.apply("x")))))
                        : Optional.empty());
    }

    ApprovalsPage approvals() {
        return new ApprovalsPage(
                List.of(
                        request("7f3a", "copy of payments into payments-staging", 1, "", Optional.empty()),
                        request(
                                "91c0",
                                "restore of ledger from backup 4f1d22ac in onsite into ledger-dev",
                                0,
                                "",
                                Optional.of("you asked for it yourself"))),
                List.of(request("22ab", "removal of backup 0a1b2c3d from onsite", 2, "used", Optional.empty())));
    }

    private ApprovalsPage.Request request(String id, String what, int given, String state, Optional<String> barred) {
        return new ApprovalsPage.Request(
                id,
                odd.apply(what),
                odd.apply("joao"),
                ago(Duration.ofHours(3)),
                NOW.plus(Duration.ofDays(6)),
                IntStream.range(0, given)
                        .mapToObj(number -> new ApprovalsPage.Approval(odd.apply("mei"), ago(Duration.ofHours(1))))
                        .toList(),
                2,
                odd.apply("dba"),
                List.of(new DecisionPage.Reason(
                        "flow",
                        odd.apply("data from 'production' to 'staging' takes 2 approvals of dba"),
                        "charter.yaml:41")),
                state,
                barred.map(odd));
    }

    SchedulePage schedule() {
        return new SchedulePage(List.of(
                job("backup of payments", "daily at 02:00 Europe/Lisbon", 10, 14, State.DONE, 0, null),
                job("proof of ledger", "weekly, Mon at 05:00 Europe/Lisbon", 37, 131, State.DONE, 0, null),
                job("backup of documents", "every 6 h", 1, 5, State.FAILED, 0, null),
                job("reindex maintenance of cards", "Sun 01:00–04:00", 9, 160, State.CANCELLED, 42, null),
                job(
                        "copy of payments into payments-staging",
                        "daily at 06:00",
                        -1,
                        -1,
                        State.DONE,
                        0,
                        "the flow is not enabled (enabled: true is missing)")));
    }

    private SchedulePage.Job job(
            String what,
            String rule,
            int nextHours,
            int lastHours,
            State state,
            int lateMinutes,
            @org.jspecify.annotations.Nullable String held) {
        return new SchedulePage.Job(
                odd.apply(what),
                odd.apply(rule),
                "charter.yaml:52",
                nextHours < 0 ? Optional.empty() : Optional.of(NOW.plus(Duration.ofHours(nextHours))),
                lastHours < 0
                        ? Optional.empty()
                        : Optional.of(new SchedulePage.Last(
                                ago(Duration.ofHours(lastHours)),
                                Optional.of("r-20261121-81aa"),
                                state,
                                Duration.ofMinutes(lateMinutes),
                                state == State.FAILED
                                        ? Optional.of(odd.apply("no answer within 10 s: connection refused"))
                                        : Optional.empty())),
                Optional.ofNullable(held).map(odd));
    }

    JournalPage journal() {
        return new JournalPage(
                List.of(
                        line(48_213, "ENDED", "verify", "payments onsite", "done"),
                        line(48_212, "BEGUN", "verify", "payments onsite", ""),
                        line(
                                48_211,
                                "DECIDED",
                                "verify",
                                "payments onsite",
                                "allowed: it has a plan under backups (backup-plan, charter.yaml:31)"),
                        line(48_210, "ASKED", "verify", "payments onsite", ""),
                        line(
                                48_209,
                                "DECIDED",
                                "copy",
                                "payments-dev payments",
                                "denied: no flow of data leads from 'development' to 'production' (default-deny, charter.yaml:40)"),
                        line(48_208, "ASKED", "copy", "payments-dev payments", "")),
                Optional.of(new JournalPage.Verification(
                        ago(Duration.ofHours(2)),
                        true,
                        48_213,
                        48_100,
                        odd.apply("entries 1 to 48,100 are anchored in onsite and offsite, the others are signed here"),
                        "r-20261121-81aa")),
                OptionalLong.of(48_208));
    }

    private JournalLine line(long number, String step, String verb, String target, String detail) {
        return new JournalLine(
                number,
                ago(Duration.ofSeconds((48_214 - number) * 7)),
                step,
                "r-20261121-81aa",
                odd.apply("ines.carvalho"),
                verb,
                odd.apply(target),
                odd.apply(detail));
    }

    AlertsPage alerts() {
        return new AlertsPage(
                List.of(
                        alert(
                                "a1",
                                Level.CRIT,
                                "payments",
                                "slot-retention",
                                "slot standby_2 keeps 41.2 GB of WAL",
                                false),
                        alert("a2", Level.UNKNOWN, "documents", "reachable", "no answer within 10 s", false),
                        alert(
                                "a3",
                                Level.WARN,
                                "cards",
                                "bloat-index",
                                "3 indexes are bloated by more than half",
                                true)),
                List.of(alert("a0", Level.WARN, "ledger", "backup-age", "the newest backup is 31 h old", false)),
                List.of(new AlertsPage.Silence(
                        "s1",
                        odd.apply("database/payments-staging"),
                        NOW.plus(Duration.ofHours(20)),
                        odd.apply("joao"),
                        odd.apply("it is being rebuilt"))),
                List.of(
                        new AlertsPage.Waiver(
                                "unused-indexes",
                                odd.apply("database/payments public.orders_legacy_idx"),
                                odd.apply("the partner's report needs it until they have moved"),
                                LocalDate.of(2027, 1, 31),
                                "charter.yaml:88"),
                        new AlertsPage.Waiver(
                                "data-checksums",
                                "",
                                odd.apply("switched on with the move to PostgreSQL 18"),
                                LocalDate.of(2026, 12, 24),
                                "charter.yaml:89")));
    }

    private AlertsPage.Alert alert(
            String id, Level level, String database, String check, String text, boolean acknowledged) {
        return new AlertsPage.Alert(
                id,
                level,
                odd.apply("database/" + database),
                check,
                odd.apply(text),
                ago(Duration.ofMinutes(52)),
                Optional.of(ago(Duration.ofMinutes(12))),
                acknowledged
                        ? Optional.of(new AlertsPage.Acknowledged(
                                odd.apply("mei"), ago(Duration.ofMinutes(30)), odd.apply("rebuilt on Sunday")))
                        : Optional.empty(),
                id.equals("a0") ? Optional.of(ago(Duration.ofHours(5))) : Optional.empty(),
                false);
    }

    LoginPage login() {
        return new LoginPage(
                Optional.of("user or password is wrong"),
                odd.apply("ines"),
                odd.apply("/"),
                true,
                Optional.of(odd.apply("Acme Identity")));
    }

    WelcomePage welcome() {
        return new WelcomePage(Optional.of("the two are not the same"), odd.apply("c0ffee"), odd.apply("admin"));
    }

    AccountPage account() {
        return new AccountPage(
                true,
                List.of(
                        new AccountPage.Token(
                                "t1",
                                odd.apply("grafana"),
                                Role.VIEWER,
                                ago(Duration.ofDays(30)),
                                NOW.plus(Duration.ofDays(60)),
                                Optional.of(ago(Duration.ofSeconds(9)))),
                        new AccountPage.Token(
                                "t2",
                                odd.apply("deploy pipeline"),
                                Role.OPERATOR,
                                ago(Duration.ofDays(3)),
                                NOW.plus(Duration.ofDays(4)),
                                Optional.empty())),
                List.of(
                        new AccountPage.Session(
                                "s1", "10.4.0.17", odd.apply("Firefox on Linux"), ago(Duration.ofHours(2)), NOW, true),
                        new AccountPage.Session(
                                "s2",
                                "10.4.0.22",
                                odd.apply("Safari on iPhone"),
                                ago(Duration.ofDays(1)),
                                ago(Duration.ofMinutes(50)),
                                false)),
                Optional.of(odd.apply("pgc_9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d")),
                Optional.of(new AccountPage.Message(true, odd.apply("the token is made"))));
    }

    UsersPage users() {
        return new UsersPage(
                List.of(
                        new UsersPage.User(odd.apply("ines.carvalho"), Role.ADMIN, "password", Optional.of(NOW), true),
                        new UsersPage.User(
                                odd.apply("joao"),
                                Role.OPERATOR,
                                "OpenID",
                                Optional.of(ago(Duration.ofHours(3))),
                                false),
                        new UsersPage.User(odd.apply("mei"), Role.APPROVER, "password", Optional.empty(), false)),
                Optional.of(new UsersPage.Invitation(
                        odd.apply("mei"),
                        odd.apply("https://pgcharter.bank.example/welcome?token=9b1deb4d3b7d"),
                        NOW.plus(Duration.ofDays(1)))),
                Optional.of(new AccountPage.Message(false, odd.apply("there is a user 'mei' already"))));
    }

    ErrorPage error() {
        return new ErrorPage(
                503,
                Optional.of("STATE_UNAVAILABLE"),
                odd.apply("the control database does not answer"),
                odd.apply("connection refused at 10.4.0.9:5432"),
                odd.apply("look at the server that state.url names; what runs goes on"));
    }

    /// Every page there is, by a name for it.
    Map<String, Page> pages() {
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("overview", overview());
        pages.put("database", database());
        pages.put("runs", runs());
        pages.put("run", running(.42));
        pages.put("run-done", done());
        pages.put("run-failed", failed());
        pages.put("refused", decision(DecisionPage.Kind.REFUSED));
        pages.put("waiting", decision(DecisionPage.Kind.WAITING));
        pages.put("confirm", decision(DecisionPage.Kind.CONFIRM));
        pages.put("approvals", approvals());
        pages.put("schedule", schedule());
        pages.put("journal", journal());
        pages.put("alerts", alerts());
        pages.put("login", login());
        pages.put("welcome", welcome());
        pages.put("account", account());
        pages.put("users", users());
        pages.put("error", error());
        return pages;
    }

    static Instant ago(Duration age) {
        return NOW.minus(age);
    }
}
