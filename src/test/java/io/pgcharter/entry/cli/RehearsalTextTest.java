package io.pgcharter.entry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.SchemaReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RehearsalTextTest {
    private static final DatabaseName SHOP = new DatabaseName("shop");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String shown(SchemaReport.Rehearse rehearse) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        new RehearsalText(new Screen(stream, stream, Optional.empty(), false, false, false, 200)).show(rehearse);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Outcome done(SchemaReport.Rehearse rehearse) {
        return new Outcome.Done(new RunId("a".repeat(12)), rehearse);
    }

    @Test
    void each_statement_is_a_line_and_what_stands_in_the_way_follows() {
        assertThat(shown(RehearsalReports.of(SHOP))).contains("""
                        3_c, in one transaction
                        LINE  STATEMENT                                TIME  SCALED  STRONGEST LOCK                   HELD   READ  WRITTEN     WAL  TEMP
                        ────  ──────────────────────────────────────  ─────  ──────  ─────────────────────────────  ──────  ─────  ───────  ──────  ────
                           3  alter table users alter id type bigint  20 ms  200 ms  access exclusive public.users  200 ms  1,000           300 kB
                                rewrites public.users
                        """, """
                          who reads or writes rows waits for 200 ms at most; 4.2 calls would wait, since noon

                        ✗ 3_c failed at m/3_c.sql:5
                          alter table users add unique (email)
                          SQLSTATE 23505
                          2 rows of users: duplicates of (email) (line 5)
                            id = 1; id = 7

                        LIMIT  ALLOWED  MEASURED  VERDICT
                        ─────  ───────  ────────  ────────
                        held   100 ms   200 ms    exceeded

                        ✗ not passed: 1 migration, in 9.0 s
                        """);
    }

    @Test
    void a_rehearsal_that_did_not_pass_is_a_failure_for_scripts() {
        assertThat(ExitCode.of(done(RehearsalReports.of(SHOP)))).isEqualTo(ExitCode.FAILED);
        assertThat(ExitCode.of(done(new SchemaReport.Rehearse(SHOP, new MigrationsName("main"), Optional.empty()))))
                .isEqualTo(ExitCode.DONE);
    }

    @Test
    void its_json_holds_the_components_and_nothing_derived() {
        String json = OutcomeJson.text(OutcomeJson.of(done(RehearsalReports.broughtBack(SHOP))));

        assertThat(json)
                .contains("\"wayBack\" : {", "\"scaledHeldMillis\" : 200.0", "\"same\" : 3")
                .doesNotContain("isWhole", "\"whole\" : true", "rowsRead");
    }

    @Test
    void what_is_brought_back_is_one_line() {
        assertThat(shown(RehearsalReports.broughtBack(SHOP)))
                .contains("✓ the way back: everything is brought back, 3 tables hold the rows they held; applied again,"
                        + " the schema is the same")
                .endsWith("✓ rehearsed: 1 migration, in 9.0 s\n");
    }
}
