package io.pgcharter.capability.advice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhereColumnsTest {
    private static final List<String> COLUMNS = List.of("id", "user_id", "state", "at", "Odd One");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select * from orders where user_id = $1 | user_id",
                "select * from shop.orders where USER_ID=$1 and state IN ($2, $3) | user_id,state",
                "select * from orders o where o.user_id = $1 and u.state = $2 | user_id",
                "select * from users u join orders as o on o.id = u.id where o.at > $1 | at",
                "select * from orders where at between $1 and $2 and state = $3 | state",
                "update orders set state = $1 where id = any($2) | id",
                "delete from \"orders\" where \"Odd One\" = $1 | Odd One",
                "select state from orders where upper(state) = $1 | ``",
                "select * from users where user_id = $1 | ``",
                "select * from orders o, users u where o.user_id = u.id | ``",
                "select * from orders | ``",
            })
    void columns_that_are_compared_with_a_value_are_found(String statement, String columns) {
        assertThat(String.join(",", WhereColumns.of(statement, "orders", COLUMNS)))
                .isEqualTo(columns);
    }

    @Property
    void no_statement_makes_it_fail(@ForAll String text) {
        assertThat(WhereColumns.of("select * from orders where " + text, "orders", COLUMNS))
                .hasSizeLessThanOrEqualTo(3);
    }
}
