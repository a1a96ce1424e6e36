package io.pgcharter.entry.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.sandbox.PostgresBinaries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoPlaceIT {
    @TempDir
    Path directory;

    @Test
    void production_is_filled_keeps_changing_and_leaves_nothing_behind() throws InterruptedException {
        DemoPlace place = DemoPlace.make(new PostgresBinaries(
                Path.of("/usr/lib/postgresql"), directory, directory.resolve("unpacked")));
        try {
            PostgresUrl production = place.start("production");
            PaymentsApplication.fillProduction(production);
            long filled = PaymentsApplication.rows(production);
            assertThat(filled).isGreaterThanOrEqualTo(200_000);
            assertThat(PostgresUrl.parse(new Secret(place.variables().getOrDefault("AWS_PROD_DATABASE_URL", ""))))
                    .isEqualTo(production);

            try (WriteLoad load = WriteLoad.begin(production)) {
                CountDownLatch never = new CountDownLatch(1);
                for (int tries = 0; load.transactions() < 20 && tries < 500; tries++) {
                    assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
                }
                assertThat(load.transactions()).isGreaterThanOrEqualTo(20);
            }
            assertThat(PaymentsApplication.rows(production)).isGreaterThanOrEqualTo(filled + 40);
        } finally {
            place.destroy();
        }
        assertThat(Files.exists(place.directory())).isFalse();
    }
}
