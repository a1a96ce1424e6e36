package io.pgcharter.capability.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Schemas of many tables, with names that need quotes, foreign keys in a ring, and views that call functions that
/// read views.
@Tag("soak")
@Timeout(600)
class LargeSchemaIT {
    private static String tables(int count, String type) {
        return """
                do $make$ begin
                  execute 'create schema "Big one"';
                  for i in 0..COUNT - 1 loop
                    execute format('create table "Big one".%I (id bigint primary key, next bigint, note TYPE not null default ''x'','
                      || ' price numeric(12,2) check (price >= 0), at timestamptz not null default now())', 'Table "' || i);
                    execute format('create index on "Big one".%I (note, at desc)', 'Table "' || i);
                    execute format('comment on column "Big one".%I.note is %L', 'Table "' || i, 'of ''' || i);
                  end loop;
                  for i in 0..COUNT - 1 loop
                    execute format('alter table "Big one".%I add foreign key (next) references "Big one".%I',
                      'Table "' || i, 'Table "' || (i + 1) % COUNT);
                    if i % 5 = 0 then
                      execute format('create function "Big one".%I(n bigint) returns bigint language plpgsql as %L', 'f ' || i,
                        format('begin return (select max(id) from "Big one".%I where id < n); end', 'View ' || i));
                      execute format('create view "Big one".%I as select id, "Big one".%I(id) as before, note from "Big one".%I',
                        'View ' || i, 'f ' || i, 'Table "' || i);
                    end if;
                  end loop;
                end $make$""".replace("COUNT", "" + count).replace("TYPE", type);
    }

    @Test
    void five_hundred_tables_are_made_from_nothing_and_changed() {
        PostgresUrl large = ProvingIT.made(15, tables(500, "text"));
        PostgresUrl target = TestServers.fresh(15);

        assertThat(ProvingIT.carried(15, large, target).losses()).isEmpty();
        try (Session session = Session.open(large, "test")) {
            session.execute("alter table \"Big one\".\"Table \"\"7\" add column more text;"
                    + "create view \"Big one\".more as select id, more from \"Big one\".\"Table \"\"7\"");
        }
        assertThat(ProvingIT.carried(15, large, target).statements()).isNotEmpty();
    }

    @Test
    void two_schemas_of_a_thousand_tables_are_compared_in_three_seconds() {
        PostgresUrl one = ProvingIT.made(15, tables(1_000, "text"));
        PostgresUrl other = ProvingIT.made(15, tables(1_000, "varchar(9)"));
        // What a run of the program does not have yet either is loaded code; a first round warms the servers.
        Side.read("one", one);
        Side.read("other", other);

        Instant before = InstantSource.system().instant();
        Catalog here = Side.read("one", one).catalog();
        Catalog there = Side.read("other", other).catalog();
        Difference difference = Difference.between(here, there);
        Duration took = Duration.between(before, InstantSource.system().instant());

        assertThat(difference.changes()).hasSizeGreaterThan(1_000);
        assertThat(took).isLessThan(Duration.ofSeconds(3));
    }
}
