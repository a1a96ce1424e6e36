package io.pgcharter.policy.estate;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.estate.ListedBackup;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.estate.ServerCertificate;
import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Checkbook.Circumstances;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where the edges are: real backups are not waited for.
class EstateChecksTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final DatabaseName SHOP = new DatabaseName("shop");
    private static final RepositoryName VAULT = new RepositoryName("vault");
    private static final EnvironmentName PRODUCTION = new EnvironmentName("production");
    private static final Checkbook CHECKBOOK = Checkbook.published();

    @ParameterizedTest
    @CsvSource({"1439, OK", "1440, WARN", "2879, WARN", "2880, CRIT"})
    void a_backup_is_old_after_a_day_and_too_old_after_two(long minutes, Level level) {
        assertThat(age(minutes, Optional.empty()).level()).isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource({"539, OK", "540, WARN", "719, WARN", "720, CRIT"})
    void where_the_schedule_says_how_often_half_a_period_late_is_a_warning_and_a_whole_one_critical(
            long minutes, Level level) {
        assertThat(age(minutes, Optional.of(Duration.ofHours(6))).level()).isEqualTo(level);
    }

    @Test
    void a_schedule_may_leave_more_than_a_day_between_backups() {
        assertThat(age(60 * 24 * 8, Optional.of(Duration.ofDays(7))).level()).isEqualTo(Level.OK);
    }

    @Test
    void a_list_from_more_than_an_hour_ago_says_nothing_whatever_it_holds() {
        for (String check : List.of("backup-age", "proof-age", "retention-behind")) {
            assertThat(judged(
                                    estate(
                                            backup(Duration.ofMinutes(10)),
                                            Duration.ofMinutes(61),
                                            Optional.empty(),
                                            false),
                                    check)
                            .level())
                    .as(check)
                    .isEqualTo(Level.UNKNOWN);
        }
    }

    @Test
    void of_a_database_without_a_plan_nothing_is_expected() {
        DatabaseEstate planned = estate(backup(Duration.ofDays(9)), Duration.ZERO, Optional.empty(), false);
        DatabaseEstate estate = new DatabaseEstate(
                new DatabaseName("scratch"),
                planned.charter(),
                NOON,
                planned.listings(),
                List.of(),
                Map.of(),
                Optional.empty(),
                List.of(),
                new ServerCertificate.None());

        for (String check : List.of("backup-age", "proof-age", "retention-behind", "backup-places")) {
            assertThat(judged(estate, check).level()).as(check).isEqualTo(Level.NOT_APPLICABLE);
        }
    }

    @Test
    void from_an_append_only_repository_retention_never_removes() {
        assertThat(judged(estate(backup(Duration.ofDays(9)), Duration.ZERO, Optional.empty(), true), "retention-behind")
                        .level())
                .isEqualTo(Level.NOT_APPLICABLE);
    }

    private static Verdict age(long minutes, Optional<Duration> cadence) {
        return judged(estate(backup(Duration.ofMinutes(minutes)), Duration.ZERO, cadence, false), "backup-age");
    }

    private static Verdict judged(DatabaseEstate estate, String check) {
        Answer answer = Objects.requireNonNull(EstateChecks.of(estate).get(check));
        return CHECKBOOK.judge(
                check, answer, new Circumstances("database/shop", Standards.DEFAULT, Declared.NOTHING, Map.of(), NOON));
    }

    private static ListedBackup backup(Duration age) {
        String id = "0".repeat(64);
        return new ListedBackup(
                new BackupId(id),
                id,
                VAULT,
                SHOP,
                NOON.minus(age),
                Optional.empty(),
                Optional.empty(),
                "18.6",
                1,
                1,
                1);
    }

    private static DatabaseEstate estate(
            ListedBackup backup, Duration listedAgo, Optional<Duration> cadence, boolean isAppendOnly) {
        SecretText text = new SecretText("/backups");
        Charter.Retention retention =
                new Charter.Retention(0, 2, 0, 0, 0, Duration.ZERO, Duration.ZERO, 1, ZoneOffset.UTC, 1);
        Charter charter = new Charter(
                "charter.yaml",
                Map.of(PRODUCTION, new Charter.Environment(PRODUCTION, true, Optional.empty(), 1)),
                Map.of(SHOP, new Charter.Database(SHOP, PRODUCTION, text, 1)),
                Map.of(
                        VAULT,
                        new Charter.RepositoryPlace(VAULT, new StoragePlace.Directory(text), text, isAppendOnly, 1)),
                Map.of(SHOP, new Charter.BackupPlan(SHOP, List.of(VAULT), 1, Optional.of(retention), 1)),
                Map.of(),
                List.of(),
                Map.of(),
                new Charter.StatePlace(Optional.empty(), Optional.empty()));
        Instant listedAt = NOON.minus(listedAgo);
        return new DatabaseEstate(
                SHOP,
                charter,
                NOON,
                Map.of(
                        VAULT,
                        new Listing(VAULT, listedAt, Optional.of(listedAt), Optional.empty(), 0, Optional.empty())),
                List.of(backup),
                Map.of(),
                cadence,
                List.of(),
                new ServerCertificate.None());
    }
}
