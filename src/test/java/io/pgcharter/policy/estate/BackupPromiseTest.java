package io.pgcharter.policy.estate;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.estate.ListedBackup;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.estate.BackupPromise.Taken;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a charter promises of backups, and which missing ones break it.
class BackupPromiseTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final DatabaseName SHOP = new DatabaseName("shop");
    private static final String HEAD = """
            charter: 1
            environments: { production: {} }
            databases:
              shop: { environment: production, url: "${env:SHOP_URL}" }
              scratch: { environment: production, url: "${env:SCRATCH_URL}" }
            repositories:
              vault: { path: /backups, password: "${env:VAULT_PASSWORD}" }
            """;
    private static final String PLAN = "backups: { shop: { to: [vault] } }\n";
    private static final String TWICE_A_DAY = """
            schedule: { jobs: { backups: { backup: [shop], daily: ["06:00", "18:00"] } } }
            """;

    @Test
    void it_is_what_the_schedule_does_and_half_a_period_is_tolerated() {
        BackupPromise promise = promise(PLAN + TWICE_A_DAY).orElseThrow();

        assertThat(promise.every()).isEqualTo(Duration.ofHours(12));
        assertThat(promise.tolerated()).isEqualTo(Duration.ofHours(18));
    }

    @Test
    void without_a_schedule_and_where_the_charter_says_otherwise_it_is_the_age_at_which_a_backup_is_old() {
        assertThat(promise(PLAN).map(BackupPromise::every)).contains(Duration.ofHours(24));
        assertThat(promise(PLAN + TWICE_A_DAY + "watch: { checks: { backup-age: { warn: 3600, crit: 7200 } } }\n"))
                .contains(new BackupPromise(Duration.ofHours(1), Duration.ofHours(1), Optional.empty()));
    }

    @Test
    void nothing_is_promised_of_what_has_no_plan_or_where_nobody_wants_to_be_told() {
        assertThat(BackupPromise.of(charter(PLAN), cadence(charter(PLAN)), new DatabaseName("scratch")))
                .isEmpty();
        assertThat(promise(PLAN + "watch: { checks: { backup-age: { enabled: false } } }\n"))
                .isEmpty();
    }

    @Test
    void what_retention_lets_go_is_released_and_what_it_would_keep_is_not() {
        BackupPromise promise = promise("backups: { shop: { to: [vault], retention: { daily: 2 } } }\n" + TWICE_A_DAY)
                .orElseThrow();
        List<Taken> taken = Stream.of(6, 18, 30, 42, 54)
                .map(hours -> new Taken(
                        NOON.minus(Duration.ofHours(hours)),
                        NOON.minus(Duration.ofHours(hours)).plusSeconds(90)))
                .toList();

        // That of 18 h ago, the newest of its day, is neither there nor to be let go.
        List<Instant> released = promise.released(List.of(listed(6)), taken, NOON);

        assertThat(released).containsExactly(ago(30), ago(42), ago(54));
    }

    @Test
    void where_everything_is_kept_nothing_is_released() {
        assertThat(promise(PLAN + TWICE_A_DAY)
                        .orElseThrow()
                        .released(List.of(), List.of(new Taken(ago(30), ago(29))), NOON))
                .isEmpty();
    }

    private static Instant ago(int hours) {
        return NOON.minus(Duration.ofHours(hours));
    }

    private static ListedBackup listed(int hoursAgo) {
        String id = "0".repeat(64);
        return new ListedBackup(
                new BackupId(id),
                id,
                new RepositoryName("vault"),
                SHOP,
                ago(hoursAgo).plusSeconds(2),
                Optional.empty(),
                Optional.empty(),
                "18.1",
                1,
                1,
                1);
    }

    private static Optional<BackupPromise> promise(String rest) {
        Charter charter = charter(rest);
        return BackupPromise.of(charter, cadence(charter), SHOP);
    }

    private static BackupCadence cadence(Charter charter) {
        return new BackupCadence(charter.serving().schedule(), NOON);
    }

    private static Charter charter(String rest) {
        return switch (Charters.parse(HEAD + rest, "charter.yaml", Path.of("/"))) {
            case Charters.Parsed(var charter, var _) -> charter;
            case Charters.Rejected rejected -> throw new IllegalArgumentException(rejected.toString());
        };
    }
}
