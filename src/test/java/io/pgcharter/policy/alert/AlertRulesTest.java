package io.pgcharter.policy.alert;

import static io.pgcharter.policy.alert.World.finding;
import static io.pgcharter.policy.alert.World.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Notice;
import io.pgcharter.model.alert.Topic;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.policy.alert.RunEnd.How;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AlertRulesTest {
    private static final String PAYMENTS = "database/payments";
    private static final Operation BACKUP =
            new Operation.Backup(new DatabaseName("payments"), new RepositoryName("vault"));

    private static Duration minutes(int count) {
        return Duration.ofMinutes(count);
    }

    @Test
    void what_is_critical_is_told_once_after_waiting_for_others_and_again_when_it_is_over() {
        World world = new World();
        world.says("xid-age", PAYMENTS, Level.CRIT);

        assertThat(world.look()).isEmpty();
        assertThat(world.pass(Duration.ofSeconds(25))).isEmpty();
        assertThat(said(world.pass(Duration.ofSeconds(5)), "ops"))
                .containsExactly("BEGAN CRIT check/xid-age database/payments");
        assertThat(world.pass(minutes(60))).isEmpty();
        world.says("xid-age", PAYMENTS, Level.OK);
        assertThat(world.pass(minutes(2))).isEmpty();
        assertThat(said(world.pass(Duration.ofSeconds(35)), "ops"))
                .containsExactly("OVER CRIT check/xid-age database/payments");
        assertThat(world.pass(minutes(600))).isEmpty();
    }

    @Test
    void a_warning_counts_when_it_has_lasted_and_what_was_over_before_was_never_told() {
        World world = new World();
        world.says("bloat", PAYMENTS, Level.WARN);
        assertThat(world.pass(minutes(4))).isEmpty();
        world.says("bloat", PAYMENTS, Level.OK);
        assertThat(world.pass(minutes(10))).isEmpty();
        assertThat(world.memory).isEmpty();

        world.says("bloat", PAYMENTS, Level.WARN);
        assertThat(said(world.pass(minutes(6)), "dba")).containsExactly("BEGAN WARN check/bloat database/payments");
    }

    @Test
    void what_gets_worse_is_told_at_once_even_if_it_was_acknowledged() {
        World world = new World();
        world.says("bloat", PAYMENTS, Level.WARN);
        world.pass(minutes(6));
        world.acknowledge("00000001");
        world.says("bloat", PAYMENTS, Level.CRIT);

        assertThat(said(world.pass(Duration.ofSeconds(5)), "ops"))
                .containsExactly("WORSE CRIT check/bloat database/payments");
        assertThat(world.memory.get("00000001")).isNotNull().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(Alert.State.FIRING);
            assertThat(alert.acknowledgement()).isEmpty();
        });
    }

    @Test
    void what_lasts_is_repeated_until_somebody_acknowledges_it_and_its_end_is_told_all_the_same() {
        World world = new World();
        world.says("xid-age", PAYMENTS, Level.CRIT);
        world.pass(minutes(1));
        assertThat(said(world.pass(minutes(240)), "ops")).containsExactly("LASTS CRIT check/xid-age database/payments");

        world.acknowledge("00000001");
        assertThat(world.pass(minutes(24 * 60))).isEmpty();
        world.says("xid-age", PAYMENTS, Level.OK);
        assertThat(said(world.pass(minutes(3)), "ops")).containsExactly("OVER CRIT check/xid-age database/payments");
    }

    @Test
    void what_happens_together_in_one_environment_is_one_notice() {
        World world = new World();
        world.says("xid-age", PAYMENTS, Level.CRIT);
        world.pass(Duration.ofSeconds(20));
        world.says("connections", "database/orders", Level.CRIT);
        world.says("connections", "database/archive", Level.CRIT);

        List<Notice> told = world.pass(minutes(2));

        assertThat(told)
                .filteredOn(notice -> notice.receiver().equals("ops"))
                .satisfiesExactlyInAnyOrder(
                        production -> {
                            assertThat(production.group()).contains("production");
                            assertThat(production.news()).hasSize(2);
                        },
                        cold -> {
                            assertThat(cold.group()).contains("cold");
                            assertThat(cold.news()).hasSize(1);
                        });
    }

    @Test
    void a_silence_holds_notices_back_and_what_still_stands_is_told_when_it_ends() {
        World world = new World();
        world.silence("environment/production check/xid-age", minutes(60));
        world.says("xid-age", PAYMENTS, Level.CRIT);
        world.says("xid-age", "database/archive", Level.CRIT);
        assertThat(said(world.pass(minutes(59)), "ops")).containsExactly("BEGAN CRIT check/xid-age database/archive");
        assertThat(said(world.pass(minutes(2)), "ops")).containsExactly("BEGAN CRIT check/xid-age database/payments");

        world.silence("database/payments", minutes(60));
        world.says("xid-age", PAYMENTS, Level.OK);
        assertThat(world.pass(minutes(59))).isEmpty();
        assertThat(said(world.pass(minutes(2)), "ops")).containsExactly("OVER CRIT check/xid-age database/payments");
    }

    @Test
    void what_flaps_is_told_three_times_and_then_stands() {
        World world = new World();
        for (int turn = 0; turn < 12; turn++) {
            world.says("replication", PAYMENTS, Level.CRIT);
            world.pass(minutes(3));
            world.says("replication", PAYMENTS, Level.OK);
            world.pass(minutes(3));
        }

        assertThat(said(world.notices, "ops"))
                .containsExactly(
                        "BEGAN CRIT check/replication database/payments",
                        "OVER CRIT check/replication database/payments",
                        "BEGAN CRIT check/replication database/payments",
                        "OVER CRIT check/replication database/payments",
                        "BEGAN CRIT check/replication database/payments");
        assertThat(world.notices.getLast().news().getFirst().message()).startsWith("(flapping) ");
        assertThat(said(world.pass(minutes(61)), "ops"))
                .containsExactly("OVER CRIT check/replication database/payments");
    }

    @Test
    void what_cannot_be_seen_is_one_alert_for_a_subject_and_never_taken_for_well() {
        World world = new World();
        world.says("xid-age", PAYMENTS, Level.CRIT);
        world.pass(minutes(1));
        for (String check : List.of("xid-age", "bloat", "connections")) {
            world.says(check, PAYMENTS, Level.UNKNOWN);
        }

        assertThat(said(world.pass(minutes(30)), "ops"))
                .containsExactly("BEGAN UNKNOWN watch/unseen database/payments");
        assertThat(world.notices.getLast().news().getFirst().message()).startsWith("3 checks cannot see");
        assertThat(world.memory.get("00000001"))
                .isNotNull()
                .extracting(Alert::state)
                .isEqualTo(Alert.State.FIRING);
    }

    @Test
    void a_failed_run_stands_until_the_same_work_is_done() {
        World world = new World("success: { of: [backup], to: [dba] }");
        world.look(world.run(BACKUP, How.FAILED));
        assertThat(said(world.pass(minutes(1)), "ops"))
                .containsExactly("BEGAN CRIT run/backup database/payments repository/vault");
        world.look(world.run(BACKUP, How.FAILED));
        assertThat(world.pass(minutes(10))).isEmpty();

        List<Notice> done = world.look(world.run(BACKUP, How.DONE));

        assertThat(said(done, "dba")).containsExactly("DONE OK run/backup database/payments repository/vault");
        assertThat(said(done, "ops")).isEmpty();
        assertThat(said(world.pass(minutes(1)), "ops"))
                .containsExactly("OVER CRIT run/backup database/payments repository/vault");
    }

    @Test
    void what_checks_say_of_a_run_that_is_told_by_itself_is_not_told_again() {
        World world = new World("", """
                schedule:
                  jobs:
                    nightly: { backup: all, daily: "02:00" }
                    proof: { verify: all, daily: "03:00" }
                backups: { payments: { to: [vault] }, orders: { to: [vault] } }
                """);
        world.finds(
                "run-failed",
                "database/payments",
                finding("backup database/payments repository/vault", Level.CRIT, "failed 1 min ago"));
        world.finds("schedule-failed", "installation", finding("nightly payments", Level.CRIT, "failed, last due now"));
        world.unheard.add(world.run(BACKUP, How.FAILED));
        assertThat(world.pass(Duration.ofSeconds(25))).isEmpty();
        world.unheard.clear();

        List<Notice> told = new ArrayList<>(world.look(world.run(BACKUP, How.FAILED)));
        told.addAll(world.pass(minutes(20)));
        assertThat(said(told, "ops")).containsExactly("BEGAN CRIT run/backup database/payments repository/vault");

        // Other findings of the same checks are told.
        world.finds(
                "schedule-failed",
                "installation",
                finding("nightly payments", Level.CRIT, "failed, last due now"),
                finding("nightly orders", Level.CRIT, "refused, last due now"),
                finding("proof payments", Level.CRIT, "failed, last due now"));
        List<Notice> others = world.pass(minutes(1));
        assertThat(said(others, "ops")).containsExactly("BEGAN CRIT check/schedule-failed installation");
        assertThat(others.getFirst().news().getFirst().details())
                .containsExactly("refused, last due now", "failed, last due now");
        world.finds("schedule-failed", "installation", finding("nightly payments", Level.CRIT, "failed, last due now"));
        assertThat(said(world.pass(minutes(3)), "ops")).containsExactly("OVER CRIT check/schedule-failed installation");

        // It is made good before the checks have looked again.
        told = new ArrayList<>(world.look(world.run(BACKUP, How.DONE)));
        told.addAll(world.pass(minutes(1)));
        assertThat(said(told, "ops")).containsExactly("OVER CRIT run/backup database/payments repository/vault");

        // What a check sees after that is news.
        world.finds(
                "run-failed",
                "database/payments",
                finding("backup database/payments repository/vault", Level.CRIT, "failed 1 min ago"));
        assertThat(said(world.pass(minutes(1)), "ops"))
                .containsExactly("BEGAN CRIT check/run-failed database/payments");
    }

    @Test
    void a_cancelled_run_and_one_that_only_reads_are_no_news() {
        World world = new World();
        world.look(
                world.run(BACKUP, How.CANCELLED),
                world.run(new Operation.Status(new DatabaseName("payments")), How.FAILED),
                world.run(new ServingOperation.AlertTry("ops"), How.FAILED),
                world.run(new ServingOperation.Alert(), How.FAILED));

        assertThat(world.pass(minutes(5))).isEmpty();
    }

    @Test
    void a_node_that_died_is_told_until_it_is_back() {
        World world = new World();
        world.look(
                world.run(new ServingOperation.Alert(), How.LOST), world.run(new ServingOperation.Watch(), How.LOST));
        assertThat(said(world.pass(minutes(1)), "ops")).containsExactly("BEGAN WARN node/node1 installation");

        world.nodes = Set.of("node1");
        assertThat(said(world.pass(minutes(1)), "ops")).containsExactly("OVER WARN node/node1 installation");
    }

    @Test
    void a_failure_that_nobody_repeats_is_let_go_after_a_week() {
        World world = new World();
        world.look(world.run(BACKUP, How.FAILED));
        world.pass(minutes(1));
        world.acknowledge("00000001");
        world.now = world.now.plus(Lives.FAILURE_STANDS);

        assertThat(said(world.pass(minutes(1)), "ops"))
                .containsExactly("OVER CRIT run/backup database/payments repository/vault");
    }

    @Test
    void a_subject_that_nobody_judges_any_more_is_critical() {
        World world = new World();
        world.silent.put(PAYMENTS, World.BEGIN.minusSeconds(1000));

        assertThat(said(world.pass(minutes(1)), "ops")).containsExactly("BEGAN CRIT watch/silent database/payments");
    }

    @Test
    void a_receiver_that_takes_nothing_is_told_to_the_others() {
        World world = new World();
        world.undelivered.add(
                new Situation.Undelivered("ops", 3, World.BEGIN.minus(minutes(20)), "connection refused"));
        world.pass(minutes(6));

        assertThat(said(world.notices, "dba")).containsExactly("BEGAN WARN receiver/ops installation");
        assertThat(said(world.notices, "ops")).isEmpty();
    }

    @Test
    void routes_choose_by_level_environment_database_and_check() {
        World world = new World("""
                routes:
                  - { to: [ops], when: { level: crit, environment: [production] } }
                  - { to: [dba], when: { database: [archive] } }
                  - { to: [dba], when: { check: [backup] } }
                """);
        world.says("xid-age", PAYMENTS, Level.CRIT);
        world.says("bloat", PAYMENTS, Level.WARN);
        world.says("bloat", "database/archive", Level.WARN);
        world.look(world.run(BACKUP, How.FAILED));
        world.pass(minutes(10));

        assertThat(said(world.notices, "ops"))
                .containsExactlyInAnyOrder(
                        "BEGAN CRIT check/xid-age database/payments",
                        "BEGAN CRIT run/backup database/payments repository/vault");
        assertThat(said(world.notices, "dba"))
                .containsExactlyInAnyOrder(
                        "BEGAN WARN check/bloat database/archive",
                        "BEGAN CRIT run/backup database/payments repository/vault");
    }

    @Test
    void quiet_hours_hold_back_all_but_what_is_critical() {
        World world = new World("quiet-hours: { from: \"11:00\", to: \"13:00\" }");
        world.says("bloat", PAYMENTS, Level.WARN);
        world.says("xid-age", PAYMENTS, Level.CRIT);

        assertThat(said(world.pass(minutes(59)), "ops")).containsExactly("BEGAN CRIT check/xid-age database/payments");
        assertThat(said(world.pass(minutes(2)), "ops")).containsExactly("BEGAN WARN check/bloat database/payments");
    }

    @Test
    void the_silence_that_holds_is_the_one_that_ends_last() {
        World world = new World();
        world.silence(PAYMENTS, minutes(5));
        world.silence("environment/production", minutes(9));
        Topic topic = new Topic("check/bloat", PAYMENTS);
        Instant later = world.now.plus(minutes(9));

        assertThat(world.rules.silenced(topic, world.silences, world.now).map(silence -> silence.until()))
                .isEqualTo(Optional.of(later));
        assertThat(world.rules.silenced(topic, world.silences, later)).isEmpty();
    }
}
