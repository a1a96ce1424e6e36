package io.pgcharter.capability.schema;

import io.pgcharter.platform.postgres.PostgresUrl;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/// Whatever two schemas are: the script from one to the other is proven, and makes their catalogs equal.
class RandomSchemaIT {
    @Property(tries = 6)
    void one_becomes_the_other(
            @ForAll @LongRange(min = 1, max = 1_000_000) long one,
            @ForAll @LongRange(min = 1, max = 1_000_000) long other) {
        PostgresUrl source = ProvingIT.made(15, RandomSchema.of(one));
        PostgresUrl target = ProvingIT.made(15, RandomSchema.of(other));

        ProvingIT.carried(15, source, target);
    }
}
