package io.pgcharter.policy.charter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.policy.charter.Charter.Rule;
import io.pgcharter.policy.charter.Charter.What;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChartersTest {
    private static final String WHOLE = """
            charter: 1
            environments:
              production: { protected: true, reaches: [production] }
              development: {}
            databases:
              payments: { environment: production, url: "postgres://app:${file:pw}@db:5432/pay?sslmode=require" }
              payments-dev: { environment: development, url: "${env:DEV_URL}" }
            repositories:
              onsite: { path: backups/here, password: "${env:P}" }
              offsite: { path: "${env:ROOT}/there", password: "${file:/run/pw}" }
            backups:
              payments: { to: [onsite, offsite] }
            verification:
              payments: { smoke: [select true] }
            flows:
              - { from: production, to: development, what: schema, rule: confirm }
              - from: development
                to: production
                what: migration
                rule: { approvals: 2, role: admin }
                because: two people
              - { from: development, to: production, what: data, rule: { approvals: 1, role: admin, valid: 30m } }
            approvers: { admin: [alice, bob, carol@example.org] }
            state: { directory: state, url: "${env:STATE_URL}" }
            """;

    private static Charters.Parsed parsed(String text) {
        Charters.Reading reading = Charters.parse(text, "charter.yaml", Path.of("/etc/pgcharter"));
        assertThat(reading).isInstanceOf(Charters.Parsed.class);
        return (Charters.Parsed) reading;
    }

    private static List<String> rules(String text) {
        return parsed(text).warnings().stream()
                .map(warning -> warning.rule() + ":" + warning.line())
                .toList();
    }

    @Test
    void everything_a_charter_says_is_read() {
        Charter charter = parsed(WHOLE).charter();
        assertThat(charter.environment(new EnvironmentName("production")).isProtected())
                .isTrue();
        assertThat(charter.environment(new EnvironmentName("production")).reaches())
                .contains(Set.of(new EnvironmentName("production")));
        assertThat(charter.environment(new EnvironmentName("development")).reaches())
                .isEmpty();
        assertThat(charter.database(new DatabaseName("payments")).url().text())
                .isEqualTo("postgres://app:${file:pw}@db:5432/pay?sslmode=require");
        assertThat(charter.repository(new RepositoryName("onsite")).storage())
                .isEqualTo(new StoragePlace.Directory(new SecretText("/etc/pgcharter/backups/here")));
        assertThat(charter.repository(new RepositoryName("offsite")).storage())
                .isEqualTo(new StoragePlace.Directory(new SecretText("${env:ROOT}/there")));
        assertThat(charter.backups().get(new DatabaseName("payments")))
                .isEqualTo(new Charter.BackupPlan(
                        new DatabaseName("payments"),
                        List.of(new RepositoryName("onsite"), new RepositoryName("offsite")),
                        2,
                        Optional.empty(),
                        12));
        assertThat(charter.flows())
                .extracting(Charter.Flow::what)
                .containsExactly(What.SCHEMA, What.MIGRATION, What.DATA);
        assertThat(charter.flows())
                .extracting(Charter.Flow::rule)
                .containsExactly(
                        new Rule.Confirm(),
                        new Rule.Approvals(2, "admin", Duration.ofHours(24)),
                        new Rule.Approvals(1, "admin", Duration.ofMinutes(30)));
        assertThat(charter.flows().get(1).because()).isEqualTo(Optional.of("two people"));
        assertThat(charter.approvers().get("admin")).containsExactlyInAnyOrder("alice", "bob", "carol@example.org");
        assertThat(charter.state().directory()).contains("/etc/pgcharter/state");
    }

    @Test
    void lines_are_those_of_the_keys() {
        Charter charter = parsed(WHOLE).charter();
        assertThat(charter.flows()).extracting(Charter.Flow::line).containsExactly(16, 17, 22);
        assertThat(charter.database(new DatabaseName("payments-dev")).line()).isEqualTo(7);
        assertThat(charter.whereSection("flows")).isEqualTo("charter.yaml:15");
        assertThat(charter.whereSection("nothing")).isEqualTo("charter.yaml");
    }

    @Test
    void a_name_that_is_not_there_is_told_with_the_nearest_one() {
        Charter charter = parsed(WHOLE).charter();
        assertThatThrownBy(() -> charter.database(new DatabaseName("paymets")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("NOT_FOUND")
                .hasMessageContaining("did you mean \"payments\"?");
    }

    @Test
    void a_careful_charter_gets_no_warning() {
        assertThat(rules(WHOLE)).isEmpty();
    }

    @Test
    void each_risk_is_warned_of_at_its_line() {
        assertThat(rules("""
                        charter: 1
                        environments:
                          live: {}
                          guarded: { protected: true }
                          development: {}
                        databases:
                          one: { environment: guarded, url: "postgres://a@db:5432/pay" }
                          two: { environment: development, url: "postgresql://b:${env:X}@db/pay?sslmode=require" }
                          three: { environment: live, url: "${env:SAME}" }
                          four: { environment: development, url: "${env:SAME}" }
                        repositories: { r: { path: /r, password: "${env:P}" }, same: { path: /r, password: "${env:P}" } }
                        backups:
                          two: { to: [r] }
                          three: { to: [r, same] }
                        flows:
                          - { from: guarded, to: development, what: data, rule: allow }
                          - { from: guarded, to: live, what: data, rule: deny }
                          - { from: live, to: guarded, what: data, rule: { approvals: 1, role: admin } }
                        approvers: { admin: [alice] }
                        classification:
                          one.*.id: { class: internal }
                          one.*.*: { class: internal }
                        """))
                .containsExactlyInAnyOrder(
                        "class-for-all:22",
                        "unprotected-production:3",
                        "no-backup:7",
                        "shared-database:8",
                        "shared-database:10",
                        "single-place:13",
                        "no-verification:13",
                        "single-place:14",
                        "no-verification:14",
                        "unmasked-data:16",
                        "few-approvers:18",
                        "approvals-not-shared:18");
    }

    @Test
    void what_is_to_be_rehearsed_or_released_where_its_path_ends_needs_a_backup() {
        String charter = """
                charter: 1
                environments: { staging: {}, live: { protected: true } }
                databases:
                  tried: { environment: staging, url: "${env:A}" }
                  east: { environment: live, url: "${env:B}" }
                  west: { environment: live, url: "${env:C}" }
                repositories:
                  vault: { path: /vault, password: "${env:P}" }
                backups: { west: { to: [vault] }BOTH }
                verification: { west: { smoke: ["select true"] } }
                migrations:
                  main:
                    layout: plain
                    path: m
                    databases: [tried, east, west]
                    PLAN
                """;
        assertThat(rules(charter.replace("BOTH", "").replace("PLAN", "release: {}")))
                .contains("no-backup-to-rehearse:16");
        assertThat(rules(charter.replace("BOTH", "").replace("PLAN", "rehearsal: { held: 1s }")))
                .contains("no-backup-to-rehearse:12");
        assertThat(parsed(charter.replace("BOTH", "").replace("PLAN", "release: {}"))
                        .warnings())
                .anySatisfy(warning -> assertThat(warning.text())
                        .isEqualTo("migrations 'main' are to be released, and 'east' is in no backup plan"));
        assertThat(rules(charter.replace("BOTH", ", east: { to: [vault] }").replace("PLAN", "release: {}")))
                .doesNotContain("no-backup-to-rehearse:16");
        assertThat(rules(charter.replace("BOTH", "").replace("PLAN", ""))).doesNotContain("no-backup-to-rehearse:12");
    }

    @Test
    void a_retention_is_read_key_by_key_and_may_leave_out_all_but_one() {
        Charter charter = parsed("""
                        charter: 1
                        environments: { development: {} }
                        databases:
                          one: { environment: development, url: "${env:ONE}" }
                          two: { environment: development, url: "${env:TWO}" }
                        repositories: { r: { path: /r, password: "${env:P}" } }
                        backups:
                          one:
                            to: [r]
                            retention: { last: 1, daily: 7, weekly: 4, monthly: 12, yearly: 2, within: 2d, min-age: 7d,
                                         at-least: 3, timezone: Europe/Zagreb }
                          two: { to: [r], retention: { daily: 7 } }
                        """).charter();

        assertThat(requireNonNull(charter.backups().get(new DatabaseName("one")))
                        .retention())
                .contains(new Charter.Retention(
                        1, 7, 4, 12, 2, Duration.ofDays(2), Duration.ofDays(7), 3, ZoneId.of("Europe/Zagreb"), 10));
        assertThat(requireNonNull(charter.backups().get(new DatabaseName("two")))
                        .retention())
                .contains(new Charter.Retention(0, 7, 0, 0, 0, Duration.ZERO, Duration.ZERO, 1, ZoneId.of("UTC"), 12));
    }

    @Test
    void a_retention_that_cannot_do_what_it_says_is_warned_of() {
        assertThat(rules("""
                        charter: 1
                        environments: { development: {} }
                        databases:
                          one: { environment: development, url: "${env:ONE}" }
                          two: { environment: development, url: "${env:TWO}" }
                        repositories:
                          a: { path: /a, password: "${env:P}", append-only: true }
                          b: { path: /b, password: "${env:P}", append-only: true }
                          c: { path: /c, password: "${env:P}" }
                        backups:
                          one: { to: [a, b], retention: { daily: 7 } }
                          two: { to: [a, c], retention: { last: 2, at-least: 3 } }
                        verification:
                          one: { smoke: [select true] }
                          two: { smoke: [select true] }
                        """)).containsExactlyInAnyOrder("retention-append-only:11", "retention-overruled:12");
    }

    @Test
    void databases_told_apart_by_the_query_are_not_the_same() {
        assertThat(rules("""
                        charter: 1
                        environments: { development: {} }
                        databases:
                          one: { environment: development, url: "postgres:///pay?host=/run/one" }
                          two: { environment: development, url: "postgres:///pay?host=/run/two" }
                        """)).isEmpty();
    }
}
