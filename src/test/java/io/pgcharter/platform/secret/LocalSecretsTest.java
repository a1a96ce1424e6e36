package io.pgcharter.platform.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.SecretText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalSecretsTest {
    private static final String CANARY = "canary-7d1f-hunter2";

    @TempDir
    private Path directory = Path.of("replaced by JUnit");

    private LocalSecrets secrets() {
        return new LocalSecrets(Map.of("PW", CANARY, "EMPTY", "", "HOST", "db$1\\"), directory);
    }

    private Path write(String name, byte[] content, String permissions) throws IOException {
        Path file = Files.write(directory.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private Path write(String name, String content) throws IOException {
        return write(name, content.getBytes(java.nio.charset.StandardCharsets.UTF_8), "rw-------");
    }

    private ProblemException problem(String text) {
        ProblemException problem =
                catchThrowableOfType(ProblemException.class, () -> secrets().resolve(new SecretText(text)));
        assertThat(problem).as("'%s' must not resolve", text).isNotNull();
        assertThat(problem.problem().code()).isEqualTo(ProblemCode.SECRET_UNRESOLVED);
        StringWriter trace = new StringWriter();
        problem.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(CANARY).doesNotContain("hunter2");
        return problem;
    }

    @Test
    void references_are_replaced_where_they_stand() {
        assertThat(secrets()
                        .resolve(new SecretText("${env:HOST}/${env:PW}/onsite"))
                        .reveal())
                .isEqualTo("db$1\\/" + CANARY + "/onsite");
    }

    @Test
    void a_part_of_a_url_is_encoded_so_that_no_piece_of_a_password_is_taken_for_the_host() throws IOException {
        write("pw", "p@ss/w?r#d%ä\n");
        assertThat(secrets()
                        .resolve(new SecretText("postgres://app:${file:pw}@db/pay"))
                        .reveal())
                .isEqualTo("postgres://app:p%40ss%2Fw%3Fr%23d%25%C3%A4@db/pay");
    }

    @Test
    void a_whole_url_is_left_as_it_is() throws IOException {
        write("url", "postgres://app:a%40b@db/pay\n");
        assertThat(secrets().resolve(new SecretText("${file:url}")).reveal()).isEqualTo("postgres://app:a%40b@db/pay");
    }

    @Test
    void a_resolved_secret_prints_as_stars() {
        assertThat(secrets().resolve(new SecretText("${env:PW}"))).hasToString("***");
    }

    @ParameterizedTest
    @CsvSource({"'s\n','s'", "'s\r\n','s'", "'s\n\n','s\n'", "'s ','s '", "s,s", "'ä€😀\n','ä€😀'"})
    void one_line_end_of_a_file_is_dropped_and_nothing_else(String content, String secret) throws IOException {
        write("pw", content);
        assertThat(secrets().resolve(new SecretText("${file:pw}")).reveal()).isEqualTo(secret);
    }

    @Test
    void absolute_and_relative_paths_are_read() throws IOException {
        Path file = write("pw", CANARY);
        assertThat(secrets().resolve(new SecretText("${file:" + file + "}")).reveal())
                .isEqualTo(CANARY);
        assertThat(secrets().resolve(new SecretText("${file:./pw}")).reveal()).isEqualTo(CANARY);
    }

    @Test
    void a_file_is_read_anew_each_time() throws IOException {
        LocalSecrets secrets = secrets();
        write("pw", "old");
        assertThat(secrets.resolve(new SecretText("${file:pw}")).reveal()).isEqualTo("old");
        write("pw", "new");
        assertThat(secrets.resolve(new SecretText("${file:pw}")).reveal()).isEqualTo("new");
    }

    @ParameterizedTest
    @CsvSource({
        "${env:MISSING}, is not set",
        "${env:EMPTY}, is empty",
        "${file:nowhere}, no such file",
        "${file:.}, not a regular file",
        "${vault:db/pay#password}, env and file only",
    })
    void what_cannot_be_looked_up_is_named_by_its_reference(String reference, String cause) {
        ProblemException problem = problem("postgres://app:${env:PW}@db/" + reference);
        assertThat(problem.problem().fact()).contains(reference);
        assertThat(problem.problem().cause()).contains(cause);
    }

    @Test
    void a_file_that_everybody_may_read_is_refused() throws IOException {
        Path file = write("pw", CANARY.getBytes(java.nio.charset.StandardCharsets.UTF_8), "rw----r--");
        assertThat(problem("${file:pw}").problem().remedy()).isEqualTo("run: chmod 600 " + file);
    }

    @Test
    void an_empty_file_is_refused() throws IOException {
        write("pw", "\n");
        assertThat(problem("${file:pw}").problem().cause()).isEqualTo("the file is empty");
    }

    @Test
    void a_file_that_is_not_text_is_refused_without_showing_it() throws IOException {
        byte[] bytes = (CANARY + "?").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        bytes[bytes.length - 1] = (byte) 0xFF;
        write("pw", bytes, "rw-------");
        assertThat(problem("${file:pw}").problem().cause()).isEqualTo("the file is not UTF-8 text");
    }

    @Test
    void a_file_that_is_too_large_is_refused() throws IOException {
        write("pw", CANARY.repeat(10_000));
        assertThat(problem("${file:pw}").problem().cause()).contains("64 KiB");
    }
}
