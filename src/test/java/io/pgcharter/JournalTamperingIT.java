package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The whole program on its private control database, whose superuser alters the record.
class JournalTamperingIT {
    private static void sql(Scene scene, String statement) {
        String socket = scene.directory.resolve("s/state/socket").toString();
        PostgresUrl url = PostgresUrl.parse(
                new Secret("postgres://postgres@/postgres?host=" + socket + "&port=5432&sslmode=disable"));
        try (Session session = Session.open(url, "test")) {
            session.execute("set session_replication_role = replica");
            session.execute(statement);
        }
    }

    private static Report.JournalVerify verify(Scene scene) {
        return (Report.JournalVerify) scene.done(new Operation.JournalVerify());
    }

    @Test
    void an_altered_entry_is_named_and_contradicts_the_anchor_and_a_missing_anchor_is_told() throws Exception {
        try (Scene scene = Scene.on(15)) {
            scene.done(new Operation.Backups(Scene.VAULT));
            Report.JournalVerify sound = verify(scene);
            assertThat(sound.breaks()).isEmpty();
            assertThat(sound.anchorCount()).isEqualTo(1);
            assertThat(sound.anchoredSize()).isEqualTo(4);

            sql(
                    scene,
                    "update pgcharter.journal set leaf = convert_to(replace(convert_from(leaf, 'UTF8'), 'alice',"
                            + " 'bob'), 'UTF8') where sequence = 3");
            sql(scene, "update pgcharter.journal set hash = sha256('\\x00' || leaf)");
            Report.JournalVerify altered = verify(scene);
            assertThat(altered.anchoredSize()).isZero();
            assertThat(altered.breaks())
                    .contains("checkpoint 1 does not fit the first 4 entries: at least one was altered")
                    .anyMatch(line -> line.startsWith("the anchor in repository 'vault', snapshot ")
                            && line.endsWith(" does not fit the first 4 entries: at least one was altered"));

            sql(
                    scene,
                    "update pgcharter.journal set leaf = convert_to(replace(convert_from(leaf, 'UTF8'), 'bob',"
                            + " 'alice'), 'UTF8'), hash = hash where sequence = 3");
            sql(scene, "update pgcharter.journal set hash = sha256('\\x00' || leaf)");
            assertThat(verify(scene).breaks()).isEmpty();

            flipEverySnapshot(scene.directory.resolve("vault/snapshots"));
            assertThat(verify(scene).breaks())
                    .hasSize(1)
                    .allMatch(line -> line.startsWith("the anchors in repository 'vault' cannot be read: 'snapshots/"));
        }
    }

    private static void flipEverySnapshot(Path snapshots) throws IOException {
        try (Stream<Path> files = Files.list(snapshots)) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[20] ^= 1;
                Files.write(file, bytes);
            }
        }
    }
}
