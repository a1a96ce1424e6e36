package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgcharter.platform.postgres.ListeningServer;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Approvals between persons, who are OS users with nothing in common but the control database.
class ApprovalIT {
    /// OS users that every Linux has; `games` holds no role.
    private static final String ALICE = "daemon";

    private static final String BOB = "mail";
    private static final String EVE = "games";

    private static final String CHARTER = """
            charter: 1
            environments:
              production: { protected: true }
              staging: { protected: true }
            databases:
              shop: { environment: production, url: "${env:SHOP_URL}" }
              copy: { environment: staging, url: "${env:COPY_URL}" }
            flows:
              - { from: production, to: staging, what: data, rule: { approvals: 1, role: admin, valid: 24h } }
            approvers:
              admin: [daemon, mail]
            state: { url: "${env:STATE_URL}" }
            """;
    private static final String[] COPY = {"copy", "shop", "copy", "--confirm", "copy"};
    private static final Pattern REQUEST = Pattern.compile("pgcharter approve ([0-9a-f]{8}), then repeat it");

    private Installation installation;
    private ListeningServer server;
    private Path directories;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Program.isRoot(), "only root can act as several OS users");
        installation = Installation.shared();
        server = ListeningServer.plain(15);
        directories = TestServers.directory();
        Files.writeString(directories.resolve("charter.yaml"), CHARTER);
        for (String person : List.of(ALICE, BOB, EVE)) {
            Path own = Files.createDirectory(directories.resolve(person));
            Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
            Files.setOwner(
                    own, own.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(person));
        }
        try (Session session = Session.open(server.local(), "test")) {
            session.execute("alter role trusted superuser");
            for (String name : List.of("shop", "copy", "state")) {
                session.execute("create database " + name);
                installation.variables().put(name.toUpperCase(java.util.Locale.ROOT) + "_URL", text(name));
            }
        }
        execute("shop", "create table item (id int primary key); insert into item select generate_series(1, 100)");
        installation
                .variables()
                .put("PGCHARTER_CHARTER", directories.resolve("charter.yaml").toString());
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private String text(String database) {
        PostgresUrl url = server.url("trusted", "127.0.0.1").withDatabase(database);
        return Scene.text(new PostgresUrl(
                url.host(), url.port(), database, url.user(), java.util.Optional.empty(), url.parameters()));
    }

    private void execute(String database, String sql) {
        try (Session session = Session.open(server.local().withDatabase(database), "test")) {
            session.execute(sql);
        }
    }

    private Installation.Ran as(String person, String... words) {
        return installation.runAs(person, directories.resolve(person), words);
    }

    private static void assertDone(Installation.Ran ran) {
        assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
    }

    /// @return the id of the request that waits
    private String waiting(Installation.Ran ran) {
        assertThat(ran.code()).as(ran.err()).isEqualTo(4);
        assertThat(ran.err()).contains("nothing was begun", "0 of 1 approvals by role 'admin' are given");
        Matcher matcher = REQUEST.matcher(ran.err());
        assertThat(matcher.find()).as(ran.err()).isTrue();
        return matcher.group(1);
    }

    @Test
    void what_one_person_asks_another_allows_and_only_that_and_only_once() {
        String request = waiting(as(ALICE, COPY));
        assertThat(waiting(as(ALICE, COPY)))
                .as("asking again is the same request")
                .isEqualTo(request);

        Installation.Ran own = as(ALICE, "approve", request);
        assertThat(own.code()).as(own.err()).isEqualTo(3);
        assertThat(own.err()).contains("refused: ", "nobody approves their own request");
        assertThat(as(EVE, "approve", request).code()).isEqualTo(3);
        assertThat(as(BOB, "approve", "00000000").code()).isEqualTo(3);
        assertThat(waiting(as(ALICE, COPY))).isEqualTo(request);

        Installation.Ran agreed = as(BOB, "approve", request);
        assertThat(agreed.code()).as(agreed.err()).isZero();
        assertThat(agreed.out()).contains("1 of 1", "the asker may repeat it now");

        assertThat(waiting(as(ALICE, "copy", "shop", "copy", "--replace", "--confirm", "copy")))
                .as("another operation is another request")
                .isNotEqualTo(request);
        assertThat(waiting(as(BOB, COPY))).as("so is another asker").isNotEqualTo(request);
        assertThat(as(ALICE, "copy", "shop", "copy").code())
                .as("the name must be confirmed all the same")
                .isEqualTo(4);

        Installation.Ran done = as(ALICE, COPY);
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.out()).contains("✓ copied shop into copy");
        assertThat(waiting(as(ALICE, COPY))).as("an agreement is used up").isNotEqualTo(request);

        journalShows(request);
    }

    private void journalShows(String request) {
        Installation.Ran journal = as(BOB, "journal", "--json", "--last", "200");
        List<String> seen = new ArrayList<>();
        for (JsonNode entry :
                JsonMapper.builder().build().readTree(journal.out()).path("entries")) {
            String detail = entry.path("detail").stringValue();
            seen.add("%s %s %s %s %s"
                    .formatted(
                            entry.path("person").stringValue(),
                            entry.path("verb").stringValue(),
                            entry.path("target").stringValue(),
                            entry.path("step").stringValue(),
                            detail.replaceFirst(":.*", "")));
        }
        assertThat(seen)
                .containsSubsequence(
                        "daemon copy shop copy ASKED ",
                        "daemon copy shop copy DECIDED needs approval",
                        "daemon approve " + request + " DECIDED denied",
                        "games approve " + request + " DECIDED denied",
                        "mail approve " + request + " BEGUN ",
                        "mail approve " + request + " ENDED done",
                        "daemon copy shop copy DECIDED allowed",
                        "daemon copy shop copy BEGUN ",
                        "daemon copy shop copy ENDED done")
                .containsOnlyOnce("daemon copy shop copy BEGUN ")
                .doesNotContain("mail copy shop copy BEGUN ");
        Installation.Ran verified = as(ALICE, "journal", "verify");
        assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
    }

    @Test
    void an_agreement_and_a_request_hold_for_their_time_and_no_longer() {
        String request = waiting(as(ALICE, COPY));
        assertDone(as(BOB, "approve", request));
        execute("state", "update pgcharter.approval set given_at = given_at - interval '24 hours 1 minute'");
        assertThat(waiting(as(ALICE, COPY))).isEqualTo(request);
        // Agreeing again renews it.
        assertDone(as(BOB, "approve", request));
        execute("state", "update pgcharter.approval set given_at = given_at - interval '23 hours'");
        assertDone(as(ALICE, "explain", COPY[0], COPY[1], COPY[2], COPY[3], COPY[4]));

        execute(
                "state",
                "delete from pgcharter.approval;"
                        + "update pgcharter.approval_request set expires_at = now() - interval '1 minute'");
        Installation.Ran late = as(BOB, "approve", request);
        assertThat(late.code()).as(late.err()).isEqualTo(3);
        assertThat(late.err()).contains("expired");
        assertThat(waiting(as(ALICE, COPY))).isNotEqualTo(request);
    }
}
