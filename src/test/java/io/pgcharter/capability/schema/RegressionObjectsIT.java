package io.pgcharter.capability.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.QuietRun;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.definition.Definitions;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.SqlScript;
import io.pgcharter.platform.sandbox.Sandboxes;
import io.pgcharter.platform.sandbox.TestServers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// The objects of PostgreSQL's own regression tests: the hardest schema that its authors could think of is read,
/// written down by our own means, and carried from one state to another.
@Tag("soak")
@Timeout(3_600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegressionObjectsIT {
    private RegressionObjects objects;
    private PostgresUrl whole;

    @BeforeAll
    void run() {
        Assumptions.assumeTrue(
                RegressionObjects.areThere(), "PostgreSQL's regression tests: ./pgcharter test --all fetches them");
        objects = RegressionObjects.start();
        whole = objects.whole();
    }

    @AfterAll
    void end() {
        if (objects != null) {
            objects.close();
        }
    }

    @Test
    void all_of_it_is_read_and_is_what_it_is() {
        Catalog once = Side.read("regression", whole).catalog();
        Catalog again = Side.read("regression", whole).catalog();

        assertThat(once.objects()).hasSizeGreaterThan(3_000);
        assertThat(Difference.between(once, again).changes()).isEmpty();
        assertThat(once.fingerprint()).isEqualTo(again.fingerprint());
    }

    @Test
    void our_own_writer_writes_all_of_it() {
        try (Session session = Session.open(whole, "test");
                Sandboxes.Sandbox scratch =
                        new Sandboxes(TestServers.binaries(), TestServers.directory()).start(objects.major())) {
            session.execute("begin isolation level repeatable read, read only");
            Definitions definitions = Definitions.read(session);
            session.execute("rollback");
            Catalog wanted = CatalogReader.read(session);
            try (Session other = Session.open(scratch.url(), "test")) {
                for (String role : wanted.roles()) {
                    if (other.query("select from pg_roles where rolname = $1", role)
                            .isEmpty()) {
                        other.execute("create role " + Quoting.identifier(role));
                    }
                }
                other.execute("create database first");
                other.execute("create database second");
            }

            Definitions.Script script = definitions.proven(scratch.url().withDatabase("first"), new QuietRun());

            try (Session restored = Session.open(scratch.url().withDatabase("second"), "test")) {
                SqlScript.statements(script.preData() + script.postData())
                        .forEach(statement -> restored.execute(statement.text()));
                assertThat(Difference.between(CatalogReader.read(restored), wanted)
                                .changes())
                        .isEmpty();
            }
        }
    }

    /// The objects of each file become those of the next one.
    @Test
    void scripts_between_them_are_proven_or_refused_and_never_wrong() {
        Map<String, String> refused = new TreeMap<>();
        List<PostgresUrl> all = new ArrayList<>();
        for (String file : objects.files()) {
            all.add(objects.alone(file));
        }
        int converged = 0;
        for (int number = 0; number < all.size(); number++) {
            PostgresUrl source = all.get((number + 1) % all.size());
            PostgresUrl target = objects.copy(all.get(number));
            Side before = Side.read("target", target);
            try {
                ProvingIT.carried(objects.major(), source, target);
                converged++;
            } catch (ProblemException e) {
                assertThat(e.problem().code()).isEqualTo(ProblemCode.SCHEMA_UNPROVEN);
                assertThat(Side.read("target", target).catalog().fingerprint())
                        .isEqualTo(before.catalog().fingerprint());
                refused.put(
                        all.get(number).database() + " to " + source.database(),
                        e.problem().fact() + ": " + e.problem().cause());
            }
            objects.drop(target);
            dropScratch();
        }
        assertThat(converged)
                .as("%d of %d scripts proven; not those of %s", converged, all.size(), refused)
                .isGreaterThanOrEqualTo(all.size() * 98 / 100);
    }

    private void dropScratch() {
        try (Session session = Session.open(TestServers.server(objects.major()), "test")) {
            session.query("select datname from pg_database where datname like 'proof\\_%'")
                    .forEach(row -> session.execute("drop database " + Quoting.identifier(row.string(0))));
        }
    }
}
