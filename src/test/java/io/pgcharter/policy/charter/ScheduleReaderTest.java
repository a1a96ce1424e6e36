package io.pgcharter.policy.charter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.policy.charter.SchedulePlan.Job;
import io.pgcharter.policy.charter.SchedulePlan.What;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleReaderTest {
    private static final DatabaseName SHOP = new DatabaseName("shop");
    private static final DatabaseName SPARE = new DatabaseName("spare");
    private static final DatabaseName COPY = new DatabaseName("copy");
    private static final RepositoryName VAULT = new RepositoryName("vault");
    private static final RepositoryName SEALED = new RepositoryName("sealed");

    private static SchedulePlan plan(String jobs) {
        String charter = """
                charter: 1
                environments: { production: {}, development: {} }
                databases:
                  shop: { environment: production, url: "${env:ONE}" }
                  spare: { environment: production, url: "${env:TWO}" }
                  copy: { environment: development, url: "${env:THREE}" }
                repositories:
                  vault: { path: /r, password: "${env:P}" }
                  sealed: { path: /s, password: "${env:P}", append-only: true }
                backups:
                  shop: { to: [vault, sealed], retention: { daily: 7 } }
                  spare: { to: [vault] }
                """ + jobs;
        Charters.Reading reading = Charters.parse(charter, "charter.yaml", Path.of("/"));
        assertThat(reading).isInstanceOf(Charters.Parsed.class);
        return ((Charters.Parsed) reading).charter().serving().schedule();
    }

    private static Job job(String job) {
        return Objects.requireNonNull(
                plan("schedule:\n  zone: Europe/Zagreb\n  blackout: [2026-12-24]\n  jobs:\n    it: { " + job + " }\n")
                        .jobs()
                        .get("it"));
    }

    @Test
    void a_charter_without_a_schedule_does_nothing_by_itself() {
        assertThat(plan("")).isEqualTo(SchedulePlan.NONE);
    }

    @Test
    void all_means_all_that_can_be() {
        assertThat(job("backup: all, every: 6h").what()).isEqualTo(new What.Backup(List.of(SHOP, SPARE)));
        assertThat(job("verify: all, every: 6h").what()).isEqualTo(new What.Verify(List.of(SHOP, SPARE)));
        assertThat(job("retention: all, every: 6h").what()).isEqualTo(new What.Retention(List.of(SHOP)));
        assertThat(job("prune: all, every: 6h").what()).isEqualTo(new What.Prune(List.of(VAULT)));
        assertThat(job("check: all, read-percent: 10, every: 6h").what())
                .isEqualTo(new What.Check(List.of(VAULT, SEALED), OptionalInt.of(10)));
        assertThat(job("maintain: { database: all, task: reindex }, every: 6h").what())
                .isEqualTo(new What.Maintain(List.of(SHOP, SPARE, COPY), Operation.Maintain.Task.REINDEX));
    }

    @Test
    void what_moves_data_between_environments_is_off_until_it_is_switched_on() {
        assertThat(job("copy: { from: shop, to: copy }, every: 6h").isEnabled()).isFalse();
        assertThat(job("copy: { from: shop, to: copy }, every: 6h, enabled: true")
                        .isEnabled())
                .isTrue();
        assertThat(job("copy: { from: shop, to: spare }, every: 6h").isEnabled())
                .isTrue();
        assertThat(job("copy-repository: { from: vault, to: sealed }, every: 6h")
                        .isEnabled())
                .isTrue();
        assertThat(job("backup: shop, every: 6h").isEnabled()).isTrue();
        assertThat(job("backup: shop, every: 6h, enabled: false").isEnabled()).isFalse();
    }

    @Test
    void all_there_is_to_say_of_a_job_is_read() {
        Job job =
                job("copy: { from: shop, to: copy, replace: true }, weekly: [\"Sun 03:00\", \"Wed 04:30\"], zone: UTC,"
                        + " jitter: 10m, window: { from: \"22:00\", to: \"05:00\", days: [fri] }, missed: report, enabled: true,"
                        + " as: production, confirm: [copy, spare]");

        assertThat(job.what()).isEqualTo(new What.Copy(SHOP, COPY, true));
        assertThat(job.rhythm().text()).isEqualTo("weekly Sun 03:00, Wed 04:30 UTC jitter 10m");
        assertThat(job.rhythm().jitter()).isEqualTo(Duration.ofMinutes(10));
        assertThat(job.rhythm().window().orElseThrow().days()).isEqualTo(Set.of(DayOfWeek.FRIDAY));
        assertThat(job.rhythm().catchesUp()).isFalse();
        assertThat(job.from()).contains(new EnvironmentName("production"));
        assertThat(job.confirms()).containsExactly("copy", "spare");
        assertThat(job.rhythm().blackouts()).hasSize(1);
        assertThat(job.line()).isEqualTo(17);
    }

    @Test
    void each_way_to_say_when_is_read() {
        Instant from = Instant.parse("2026-11-21T17:00:00Z");
        assertThat(job("backup: shop, daily: \"06:00\"").rhythm().next(from))
                .contains(Instant.parse("2026-11-22T05:00:00Z"));
        assertThat(job("backup: shop, daily: [\"06:00\", \"18:30\"], zone: UTC")
                        .rhythm()
                        .next(from))
                .contains(Instant.parse("2026-11-21T18:30:00Z"));
        assertThat(job("backup: shop, monthly: \"last 04:00\"").rhythm().next(from))
                .contains(Instant.parse("2026-11-30T03:00:00Z"));
        assertThat(job("backup: shop, cron: \"30 2 * * 1-5\"").rhythm().next(from))
                .contains(Instant.parse("2026-11-23T01:30:00Z"));
        assertThat(job("backup: shop, every: 30m").rhythm().next(from)).contains(Instant.parse("2026-11-21T17:30:00Z"));
        assertThat(job("backup: shop, every: 30m").rhythm().zone()).isEqualTo(ZoneId.of("Europe/Zagreb"));
        assertThat(job("backup: shop, every: 30m, blackout: ignore").rhythm().blackouts())
                .isEmpty();
    }
}
