package io.pgcharter.capability.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.QuietRun;
import io.pgcharter.platform.definition.Definitions;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/// Whatever two schemas are: the script from one to the other is proven, and makes their catalogs equal; and each is
/// written down by our own means.
class RandomSchemaIT {
    @Property(tries = 6)
    void one_becomes_the_other(
            @ForAll @LongRange(min = 1, max = 1_000_000) long one,
            @ForAll @LongRange(min = 1, max = 1_000_000) long other) {
        PostgresUrl source = ProvingIT.made(15, RandomSchema.of(one));
        PostgresUrl target = ProvingIT.made(15, RandomSchema.of(other));

        ProvingIT.carried(15, source, target);
    }

    @Property(tries = 6)
    void our_own_writer_writes_it_down(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
        assertWritten(15, seed);
    }

    @Property(tries = 300)
    @Tag("soak")
    void whatever_it_is(
            @ForAll @LongRange(min = 1, max = 1_000_000) long seed, @ForAll @IntRange(min = 14, max = 18) int major) {
        assertWritten(major, seed);
    }

    private static void assertWritten(int major, long seed) {
        try (Session session = Session.open(ProvingIT.made(major, RandomSchema.of(seed)), "test")) {
            session.execute("begin isolation level repeatable read, read only");

            Definitions.Script script = Definitions.read(session).proven(TestServers.fresh(major), new QuietRun());

            assertThat(script.notes()).isEmpty();
        }
    }
}
