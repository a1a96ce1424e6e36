package io.pgcharter.platform.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.migration.Source;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutTest {
    private static final long BYTES_MOST = 1000;

    @TempDir
    Path directory;

    private void file(String name, String text) throws IOException {
        bytes(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(String name, byte[] bytes) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private List<Migration> prisma() {
        return PrismaDirectory.read(directory, BYTES_MOST);
    }

    private List<Migration> flyway() {
        return FlywayDirectory.read(directory, BYTES_MOST);
    }

    private List<Migration> plain() {
        return PlainDirectory.read(directory, BYTES_MOST);
    }

    @Test
    void prisma_directories_are_read_in_the_order_of_their_names_with_the_sum_of_their_bytes() throws IOException {
        file("migration_lock.toml", "# do not edit\nprovider = \"postgresql\"\n");
        file("20240102000000_b/migration.sql", "hello");
        file("20240102000000_b/down.sql", "goodbye");
        file("20240101000000_first_users/migration.sql", "select 1;\r\nselect 2;\n");
        file("README.md", "not a migration");

        List<Migration> read = prisma();

        assertThat(read).extracting(Migration::name).containsExactly("20240101000000_first_users", "20240102000000_b");
        assertThat(read.getFirst().title()).isEqualTo("first users");
        assertThat(read.get(1).down()).map(Source::text).contains("goodbye");
        // The vector of Prisma's own test.
        assertThat(read.get(1).checksum())
                .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    }

    @Test
    void prisma_takes_either_line_end_and_the_sums_of_its_first_versions_for_the_same_file() throws IOException {
        file("1_a/migration.sql", "a\r\nb");
        String unix = Checksums.sha256("a\nb");

        Migration read = prisma().getFirst();

        assertThat(read.checksum()).isEqualTo(Checksums.sha256("a\r\nb"));
        assertThat(read.accepted()).contains(unix, read.checksum());
        assertThat(Checksums.prisma("hello"))
                .contains("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
                .contains("2cf24dba5fb0a3e26e83b2ac5b9e29e1b161e5c1fa7425e7343362938b9824")
                .doesNotContain(unix);
    }

    @Test
    void a_prisma_directory_without_sql_and_another_provider_are_named_together() throws IOException {
        file("migration_lock.toml", "provider = \"mysql\"\n");
        Files.createDirectories(directory.resolve("1_empty"));

        assertThatThrownBy(this::prisma)
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("MIGRATIONS_INVALID")
                .hasMessageContaining("migration_lock.toml' names the provider 'mysql', not 'postgresql'")
                .hasMessageContaining("1_empty' has no migration.sql");
    }

    @Test
    void what_is_too_large_or_no_utf_8_is_named() throws IOException {
        file("1_large/migration.sql", "-".repeat(1001));
        assertThatThrownBy(this::prisma).hasMessageContaining("migration.sql' has 1001 bytes, more than the 1000");

        bytes("1_large/migration.sql", new byte[] {'-', '-', (byte) 0xE9});
        assertThatThrownBy(this::prisma).hasMessageContaining("migration.sql' is no UTF-8");

        assertThatThrownBy(() -> PrismaDirectory.read(directory.resolve("none"), BYTES_MOST))
                .hasMessageContaining("none' cannot be read");
    }

    @Test
    void a_byte_order_mark_is_passed_by_where_the_tool_does_and_named_where_it_does_not() throws IOException {
        file("1_a/migration.sql", "\uFEFFselect 1");
        file("0001_a.sql", "\uFEFFselect 1");
        assertThat(prisma().getFirst().up().hindrance())
                .map(Source.Hindrance::fact)
                .contains("begins with a byte order mark");
        assertThat(plain().getFirst().up().hindrance()).isEmpty();
        assertThat(plain().getFirst().checksum()).isEqualTo(Checksums.sha256("select 1"));
        Files.delete(directory.resolve("0001_a.sql"));
        Files.delete(directory.resolve("1_a/migration.sql"));
        Files.delete(directory.resolve("1_a"));

        file("V1__a.sql", "\uFEFFselect 1\r\n;\rselect 2\n");
        assertThat(flyway().getFirst().checksum()).isEqualTo(Checksums.flyway("select 1\n;\nselect 2"));
        assertThat(flyway().getFirst().up().text()).startsWith("select 1");
    }

    @Test
    void flyway_files_are_ordered_by_number_then_the_repeatable_ones_by_description() throws IOException {
        file("V10__ten.sql", "create table a(i int);");
        file("sub/V2_1__two_one.SQL", "select 1");
        file("V1.sql", "create table a(i int);");
        file("R__views_of_all.sql", "select 1");
        file("R__a.sql", "select 1");
        file("U10__ten.sql", "drop table a");
        file("B2__start.sql", "select 1");
        file("notes.txt", "");

        List<Migration> read = flyway();

        assertThat(read).extracting(Migration::name).containsExactly("2", "1", "2.1", "10", "R__a", "R__views_of_all");
        assertThat(read).extracting(Migration::kind).startsWith(Kind.BASELINE, Kind.VERSIONED);
        assertThat(read.get(2).script()).isEqualTo("sub/V2_1__two_one.SQL");
        assertThat(read.get(2).title()).isEqualTo("two one");
        assertThat(read.get(3).down()).map(Source::text).contains("drop table a");
        // Measured with Flyway 13.12.
        assertThat(read.get(3).checksum()).isEqualTo("-731837914");
    }

    @Test
    void what_flyway_would_pass_by_in_silence_is_named() throws IOException {
        file("V1__a.sql", "select 1");
        file("V1.0__b.sql", "select 1");
        file("Vx__c.sql", "select 1");
        file("afterMigrate.sql", "grant all");
        file("U7__d.sql", "select 1");
        file("V8__E.java", "class");

        assertThatThrownBy(this::flyway)
                .hasMessageContaining("V1__a.sql' has the version of")
                .hasMessageContaining("Vx__c.sql' is no name of a migration")
                .hasMessageContaining("afterMigrate.sql' is no name of a migration")
                .hasMessageContaining("U7__d.sql' undoes a version that is not there")
                .hasMessageContaining("V8__E.java' is a migration in Java");
    }

    @Test
    void placeholders_and_settings_of_flyway_hinder_a_file() throws IOException {
        file("V1__a.sql", "select 1;\nselect ${who}");
        file("V2__b.sql", "select ${who}");
        file("V2__b.sql.conf", "placeholderReplacement = false\nexecuteInTransaction=false\n");
        file("V3__c.sql", "select 1");
        file("V3__c.sql.conf", "encoding=UTF-16");

        List<Migration> read = flyway();

        assertThat(read.get(0).up().hindrance())
                .hasValueSatisfying(found -> assertThat(found.line()).isEqualTo(2));
        assertThat(read.get(1).up().hindrance()).isEmpty();
        assertThat(read.get(2).up().hindrance())
                .map(Source.Hindrance::fact)
                .contains("has settings of its own: 'encoding=UTF-16' in V3__c.sql.conf");
    }

    @Test
    void plain_files_are_ordered_by_number() throws IOException {
        file("0010_ten.up.sql", "select 10");
        file("0010_ten.down.sql", "select -10");
        file("9_nine-a.sql", "a\r\nb");

        List<Migration> read = plain();

        assertThat(read).extracting(Migration::name).containsExactly("9_nine-a", "0010_ten");
        assertThat(read.get(1).down()).map(Source::text).contains("select -10");
        assertThat(read.getFirst().checksum()).isEqualTo(Checksums.sha256("a\nb"));
    }

    @Test
    void plain_files_with_one_number_or_without_an_up_are_named() throws IOException {
        file("1_a.sql", "select 1");
        file("01_b.sql", "select 1");
        file("2_c.down.sql", "select 1");
        file("3_d.sql", "select 1");
        file("3_d.up.sql", "select 1");
        file("four.sql", "select 1");

        assertThatThrownBy(this::plain)
                .hasMessageContaining("1_a.sql' has the number of")
                .hasMessageContaining("2_c.down.sql' undoes nothing")
                .hasMessageContaining("3_d.up.sql' has the number of")
                .hasMessageContaining("four.sql' is no name of a migration");
    }
}
