package io.pgcharter.platform.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.estate.ListedBackup;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotRemover;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.state.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is remembered of real repositories.
@Timeout(60)
class InventoryIT {
    private static final RepositoryName VAULT = new RepositoryName("vault");
    private static final DatabaseName SHOP = new DatabaseName("shop");
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    @TempDir
    private Path directory;

    private State state;
    private Inventory inventory;
    private InventoryRefresh refresh;

    @BeforeEach
    void open() {
        state = State.open(TestServers.text(TestServers.fresh(15)), directory);
        inventory = new Inventory(state);
        refresh = new InventoryRefresh(Vaults.repositories(directory.resolve("caches")), inventory);
    }

    @AfterEach
    void close() {
        state.close();
    }

    @Test
    void shows_backups_proofs_pins_and_anchors_as_they_come_and_go() {
        try (Vaults vault = Vaults.init(directory.resolve("vault"))) {
            Snapshot old = vault.backup("shop", NOON.minus(Duration.ofDays(2)));
            Snapshot fresh = vault.backup("shop", NOON);
            vault.backup("ledger", NOON);
            vault.snapshot(NOON, List.of("somebody's own"));
            assertThat(refreshed()).isTrue();

            assertThat(inventory.backups(SHOP))
                    .extracting(ListedBackup::id)
                    .containsExactly(new BackupId(fresh.id()), new BackupId(old.id()));
            ListedBackup first = inventory.backups(SHOP).getFirst();
            assertThat(first)
                    .isEqualTo(new ListedBackup(
                            new BackupId(fresh.id()),
                            fresh.id(),
                            VAULT,
                            SHOP,
                            NOON,
                            Optional.empty(),
                            Optional.empty(),
                            "15.18",
                            3,
                            700,
                            9000));
            assertThat(inventory.newest()).extracting(ListedBackup::takenAt).containsExactly(NOON, NOON);
            assertThat(inventory.oldest(VAULT)).contains(NOON.minus(Duration.ofDays(2)));
            assertThat(listing().trouble()).isEmpty();
            assertThat(listing().anchoredSize()).isZero();

            vault.proof(old, NOON.plusSeconds(60));
            vault.snapshot(
                    NOON.plusSeconds(5),
                    List.of("pgcharter-pin", "database=shop", "backup=" + old.id(), "because=the audit's \"copy\""));
            vault.snapshot(NOON.plusSeconds(90), AnchorTags.of(1, 40));
            try (SnapshotRemover remover = vault.repository.remove()) {
                remover.hide(fresh);
            }
            assertThat(refreshed()).isTrue();

            assertThat(inventory.backups(SHOP)).singleElement().satisfies(backup -> {
                assertThat(backup.id().text()).isEqualTo(old.id());
                assertThat(backup.provenAt()).contains(NOON.plusSeconds(60));
                assertThat(backup.pinned()).contains("the audit's \"copy\"");
            });
            assertThat(listing().anchoredSize()).isEqualTo(40);
            assertThat(listing().anchoredAt()).contains(NOON.plusSeconds(90));
        }
    }

    @Test
    void a_repository_that_cannot_be_read_keeps_what_was_known_and_becomes_stale() throws Exception {
        try (Vaults vault = Vaults.init(directory.resolve("vault"))) {
            vault.backup("shop", NOON);
        }
        assertThat(refreshed()).isTrue();
        Instant listedAt = listing().listedAt().orElseThrow();
        Files.move(directory.resolve("vault"), directory.resolve("away"));

        assertThat(refreshed()).isFalse();

        assertThat(listing().trouble().orElseThrow().code()).isEqualTo("REPOSITORY_MISSING");
        assertThat(listing().listedAt()).contains(listedAt);
        assertThat(inventory.backups(SHOP)).hasSize(1);
        assertThat(listing().isFresh(listedAt.plus(Duration.ofMinutes(59)))).isTrue();
        assertThat(listing().isFresh(listedAt.plus(Duration.ofMinutes(61)))).isFalse();

        Files.move(directory.resolve("away"), directory.resolve("vault"));
        assertThat(refreshed()).isTrue();
        assertThat(listing().trouble()).isEmpty();
        refresh.keepOnly(List.of(new RepositoryName("other")));
        assertThat(inventory.listings()).isEmpty();
        assertThat(inventory.backups(SHOP)).isEmpty();
    }

    @Test
    void of_two_nodes_that_look_within_the_pause_one_does() {
        Vaults.init(directory.resolve("vault")).close();

        assertThat(refresh(Duration.ofMinutes(10))).isTrue();
        assertThat(refresh(Duration.ofMinutes(10))).isFalse();
        assertThat(refresh(Duration.ZERO)).isTrue();
    }

    @Test
    void twenty_thousand_backups_are_taken_over_in_seconds_and_seen_by_database_at_once() {
        List<ListedBackup> backups =
                IntStream.range(0, 20_000).mapToObj(InventoryIT::many).toList();
        inventory.enter(VAULT, backups, 0, Optional.empty());
        long begun = System.nanoTime();

        inventory.enter(VAULT, backups.subList(1, backups.size()), 0, Optional.empty());

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        assertThat(inventory.backups(new DatabaseName("db-0"))).hasSize(19);
        assertThat(inventory.backups(new DatabaseName("db-1"))).hasSize(20);
        assertThat(inventory.newest()).hasSize(1000);
    }

    private static ListedBackup many(int number) {
        String id = "%064x".formatted(number);
        return new ListedBackup(
                new BackupId(id),
                id,
                VAULT,
                new DatabaseName("db-" + number % 1000),
                NOON.minusSeconds(number),
                Optional.empty(),
                Optional.empty(),
                "18.6",
                1,
                1,
                1);
    }

    private boolean refreshed() {
        return refresh(Duration.ZERO);
    }

    private boolean refresh(Duration pause) {
        return refresh.refresh(VAULT, Vaults.place(directory.resolve("vault")), Vaults.PASSWORD, pause);
    }

    private Listing listing() {
        Listing listing = inventory.listings().get(VAULT);
        assertThat(listing).isNotNull();
        return java.util.Objects.requireNonNull(listing);
    }
}
