package io.pgcharter.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.Wait;
import io.pgcharter.platform.postgres.SchemaDump.Request;
import io.pgcharter.platform.sandbox.TestServers;
import org.junit.jupiter.api.Test;

/// A `pg_dump` that must stop before it is done.
class SchemaDumpIT {
    @Test
    void a_run_that_is_cancelled_ends_a_pg_dump_that_waits_and_leaves_no_session() {
        PostgresUrl url = TestServers.fresh(15);
        IllegalStateException cancelled = new IllegalStateException("cancelled");
        try (Session application = Session.open(url, "application");
                Session watcher = Session.open(url, "watcher")) {
            application.execute("create table t (id int)");
            application.execute("begin; lock table t in access exclusive mode");
            SchemaDump dump = SchemaDump.ofThisMachine().heeding(() -> {
                if (waiting(watcher) > 0) {
                    throw cancelled;
                }
            });

            assertThatThrownBy(() -> dump.script(url, 15, Request.whole())).isSameAs(cancelled);

            // Not only the program is gone: its server process, which waited for the lock, is too.
            Wait.until("no pg_dump is left", () -> waiting(watcher) == 0);
            application.execute("rollback");
            assertThat(SchemaDump.ofThisMachine().script(url, 15, Request.whole()))
                    .contains("CREATE TABLE public.t");
        }
    }

    private static long waiting(Session watcher) {
        return watcher.query("select count(*) from pg_stat_activity where application_name = 'pgcharter pg_dump'"
                        + " and datname = current_database() and wait_event_type = 'Lock'")
                .getFirst()
                .number(0);
    }
}
