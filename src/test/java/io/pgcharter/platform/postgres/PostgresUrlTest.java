package io.pgcharter.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresUrlTest {
    private static PostgresUrl parse(String text) {
        return PostgresUrl.parse(new Secret(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    postgres://u:p@h:6543/d                             | h                   | 6543 | d       | u
                    postgresql://u@h                                    | h                   | 5432 | u       | u
                    postgres://u@h/                                     | h                   | 5432 | u       | u
                    postgres://u@[2001:db8::1]:5433/d                   | 2001:db8::1         | 5433 | d       | u
                    postgres://u@[::1]/d                                | ::1                 | 5432 | d       | u
                    postgres://u@%2Fvar%2Frun%2Fpostgresql/d            | /var/run/postgresql | 5432 | d       | u
                    postgres:///d?host=/var/run/postgresql&user=u       | /var/run/postgresql | 5432 | d       | u
                    postgres:///d?host=%2Ftmp&user=u&port=7             | /tmp                | 7    | d       | u
                    jdbc:postgresql://h:1/d?user=u&password=p%26q       | h                   | 1    | d       | u
                    postgres://an%40na:p%2Fw@h/m%C3%BCnze%25            | h                   | 5432 | münze%  | an@na
                    POSTGRES://u@h/d                                    | h                   | 5432 | d       | u
                    """)
    void reads_every_way_to_write_a_url(String text, String host, int port, String database, String user) {
        PostgresUrl url = parse(text);
        assertThat(url.host()).isEqualTo(host);
        assertThat(url.port()).isEqualTo(port);
        assertThat(url.database()).isEqualTo(database);
        assertThat(url.user()).isEqualTo(user);
        assertThat(url.parameters()).doesNotContainKeys("user", "password", "host", "port");
    }

    @Test
    void passwords_are_decoded_and_never_printed() {
        PostgresUrl url = parse("postgres://u:can%2Fary%3A+%40@h/d?sslmode=require&connect_timeout=3");
        assertThat(url.password().orElseThrow().reveal()).isEqualTo("can/ary:+@");
        assertThat(url.parameters()).isEqualTo(Map.of("sslmode", "require", "connect_timeout", "3"));
        assertThat(url.toString()).isEqualTo("u@h:5432/d");
        assertThat(url.withDatabase("other").toString()).isEqualTo("u@h:5432/other");
        assertThat(parse("jdbc:postgresql://h/d?user=u&password=p%26q")
                        .password()
                        .orElseThrow()
                        .reveal())
                .isEqualTo("p&q");
        assertThat(parse("postgres://u:a:b@h/d").password().orElseThrow().reveal())
                .isEqualTo("a:b");
        assertThat(parse("postgres://u@h/d").password()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "canary",
                "mysql://u:canary@h/d",
                "postgres://u:canary@h:port/d",
                "postgres://u:canary@h:0/d",
                "postgres://u:canary@h:65536/d",
                "postgres://u:can/canary@h/d",
                "postgres://u:canary%@h/d",
                "postgres://u:canary%f@h/d",
                "postgres://u:canary%ff@h/d",
                "postgres://u:canary@[::1/d",
                "postgres://u:canary@[::1]x/d",
                "postgres://u:canary@::1/d",
                "postgres://u:canary@h,i/d",
                "postgres://u:canary@h/d%00",
                "postgres://u:canary@h/d?canary",
                "postgres://u:canary#1@h/d"
            })
    void a_url_that_cannot_be_read_is_a_problem_without_its_password(String text) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> parse(text));
        assertThat(problem.problem().code()).isEqualTo(ProblemCode.CHARTER_INVALID);
        assertThat(problem.getMessage()).doesNotContain("canary");
        assertThat(problem.getCause()).isNull();
    }
}
