package io.pgcharter.policy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.sql.LockMode;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.rehearsal.Traffic.Call;
import io.pgcharter.policy.rehearsal.Traffic.Kinship;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrafficTest {
    private static final SqlParser PARSER = new SqlParser();
    private static final Kinship KINSHIP = new Kinship(
            Set.of("public.users", "public.orders"),
            Map.of("public.names", Set.of("public.users")),
            Map.of("public.orders", Set.of("public.users")));

    private static Call call(String sql) {
        return Traffic.call(1, sql, PARSER.parse(sql), KINSHIP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select * from users where id = $1 | ACCESS_EXCLUSIVE | true",
                "select * from users where id = $1 | EXCLUSIVE | false",
                "select * from public.users | ACCESS_EXCLUSIVE | true",
                "select * from other.users | ACCESS_EXCLUSIVE | false",
                "select * from users for update | EXCLUSIVE | true",
                "select * from users for update | SHARE_ROW_EXCLUSIVE | false",
                "update users set name = $1 | SHARE | true",
                "update users set name = $1 | SHARE_UPDATE_EXCLUSIVE | false",
                "delete from users | SHARE_ROW_EXCLUSIVE | true",
                "insert into log select * from users | SHARE_ROW_EXCLUSIVE | false",
                "with gone as (delete from users returning *) select * from gone | SHARE | true",
                "select name from names | ACCESS_EXCLUSIVE | true",
                "insert into orders values ($1) | EXCLUSIVE | true",
                "insert into orders values ($1) | SHARE_ROW_EXCLUSIVE | false",
                "copy users from stdin | SHARE | true",
                "select 1 | ACCESS_EXCLUSIVE | false",
                "this is cut off from users where | SHARE | true",
                "this is cut off from superusers where | SHARE | false"
            })
    void who_waits_for_a_lock_on_users(String sql, LockMode mode, boolean waits) {
        assertThat(call(sql).waitsFor("public.users", mode)).isEqualTo(waits);
    }

    @Test
    void locks_conflict_as_the_manual_says() {
        // Rows and columns as in the table "Conflicting Lock Modes", an X where they conflict.
        String[] manual = {
            ".......X", "......XX", "....XXXX", "...XXXXX", "..XX.XXX", "..XXXXXX", ".XXXXXXX", "XXXXXXXX"
        };
        LockMode[] modes = LockMode.values();

        for (int held = 0; held < manual.length; held++) {
            for (int wanted = 0; wanted < manual.length; wanted++) {
                assertThat(modes[held + 1].conflictsWith(modes[wanted + 1]))
                        .as(modes[held + 1] + " held, " + modes[wanted + 1] + " wanted")
                        .isEqualTo(manual[held].charAt(wanted) == 'X');
            }
        }
    }
}
