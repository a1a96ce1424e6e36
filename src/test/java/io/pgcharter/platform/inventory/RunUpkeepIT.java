package io.pgcharter.platform.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.state.State;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A year and more of runs: no test waits for them, so they are entered as the engine would have.
class RunUpkeepIT {
    private State state;

    @BeforeEach
    void open(@TempDir Path directory) {
        state = State.open(TestServers.text(TestServers.fresh(15)), directory);
    }

    @AfterEach
    void close() {
        state.close();
    }

    @Test
    void what_ended_long_ago_goes_but_for_the_newest_of_each_verb_and_subject_and_the_newest_that_was_done() {
        run("a1", "backup", "database/shop", 500, "done");
        run("a2", "backup", "database/shop", 450, "done");
        run("a3", "backup", "database/shop", 440, "failed");
        run("a4", "backup", "database/shop", 430, "failed");
        run("b1", "backup", "database/ledger", 450, "done");
        run("b2", "backup", "database/ledger", 10, "done");
        run("c1", "verify", "database/shop", 500, "done");
        run("d1", "journal verify", "", 500, "done");
        run("d2", "journal verify", "", 401, "done");
        run("e1", "restore", "database/shop", 405, "done");
        run("e2", "restore", "database/shop", 399, "failed");
        run("f1", "watch", "", 500, null);
        run("f2", "watch", "", 1, "done");
        run("g1", "copy", "database/shop", 500, "done");
        run("g2", "copy", "database/shop", 1, "done");
        execute("insert into pgcharter.lease values ('database/shop', 1, 'g1', now())");

        int gone = new RunUpkeep(state).run();

        assertThat(texts("select id from pgcharter.run order by id"))
                .containsExactly("a2", "a4", "b2", "c1", "d2", "e1", "e2", "f1", "f2", "g1", "g2");
        assertThat(gone).isEqualTo(4);
        assertThat(new RunUpkeep(state).run()).as("nothing is left to do").isZero();
    }

    @Test
    void many_thousands_go_in_batches_and_the_rest_with_the_next_call() {
        execute("""
                insert into pgcharter.run (id, verb, operation, person, node, process, process_started, begun_at, seen_at,
                  ended_at, subjects, outcome)
                select 'r' || i, 'status', '{}', 'p', 'n', 1, now(), at, at, at, array['database/d' || i % 50], 'done'
                from generate_series(1, 20500) i, lateral (select now() - interval '401 days' - i * interval '1 s' as at) t""");

        assertThat(new RunUpkeep(state).run()).isEqualTo(20_000);
        assertThat(new RunUpkeep(state).run()).isEqualTo(450);
        assertThat(texts("select count(*)::text from pgcharter.run")).containsExactly("50");
    }

    private void run(
            String id, String verb, String subject, int daysAgo, @org.jspecify.annotations.Nullable String outcome) {
        execute("""
                insert into pgcharter.run (id, verb, operation, person, node, process, process_started, begun_at, seen_at,
                  ended_at, subjects, outcome)
                select '%s', '%s', '{}', 'p', 'n', 1, now(), at, at, %s, '%s', %s
                from (select now() - interval '%d days' as at) t""".formatted(
                        id,
                        verb,
                        outcome == null ? "null" : "at",
                        "{" + subject + "}",
                        outcome == null ? "null" : "'" + outcome + "'",
                        daysAgo));
    }

    private void execute(String sql) {
        state.jdbi().useHandle(handle -> handle.execute(sql));
    }

    private List<String> texts(String sql) {
        return state.jdbi()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(String.class).list());
    }
}
