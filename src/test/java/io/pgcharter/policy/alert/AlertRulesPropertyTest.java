package io.pgcharter.policy.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Notice;
import io.pgcharter.model.alert.Notice.Change;
import io.pgcharter.model.health.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Whatever happens, in whatever order: the same things hold of what people are told.
class AlertRulesPropertyTest {
    private static final List<String> CHECKS = List.of("xid-age", "bloat", "archiving");
    private static final List<String> SUBJECTS = List.of("database/payments", "database/archive", "installation");

    private static final List<Level> LEVELS = List.of(Level.values());

    /// An hour or a day of random events.
    private static void live(World world, Random random, Duration time) {
        Instant end = world.now.plus(time);
        while (world.now.isBefore(end)) {
            world.now = world.now.plusSeconds(1 + random.nextInt(90));
            String check = CHECKS.get(random.nextInt(CHECKS.size()));
            String subject = SUBJECTS.get(random.nextInt(SUBJECTS.size()));
            switch (random.nextInt(20)) {
                case 0 -> world.silence(subject, Duration.ofSeconds(random.nextInt(3000)));
                case 1, 2 ->
                    world.memory.values().stream()
                            .filter(Alert::isOpen)
                            .findAny()
                            .ifPresent(alert -> world.acknowledge(alert.id()));
                case 3, 4, 5, 6 -> world.says(check, subject, LEVELS.get(random.nextInt(LEVELS.size())));
                default -> {}
            }
            world.look();
        }
    }

    @Property(tries = 30)
    void an_alert_begins_once_ends_at_most_once_and_nothing_is_told_before_or_after(@ForAll long seed) {
        World world = new World("repeat: 20m\nflapping: 10m");

        live(world, new Random(seed), Duration.ofHours(6));

        Map<String, Change> last = new HashMap<>();
        for (Notice notice : world.notices) {
            for (Notice.News item : notice.news()) {
                String thread = notice.receiver() + item.alert();
                Change before = last.put(thread, item.change());
                assertThat(before == null).isEqualTo(item.change() == Change.BEGAN);
                assertThat(before).isNotEqualTo(Change.OVER);
            }
        }
    }

    @Property(tries = 20)
    void decided_on_again_nothing_more_is_told_and_nothing_changes(@ForAll long seed) {
        World world = new World("repeat: 20m");
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            live(world, random, Duration.ofMinutes(3));
            Map<String, Alert> memory = Map.copyOf(world.memory);

            assertThat(world.look()).isEmpty();
            assertThat(world.memory).isEqualTo(memory);
        }
    }

    @Property(tries = 20)
    void one_topic_has_at_most_one_open_alert(@ForAll long seed) {
        World world = new World("flapping: 5m");

        live(world, new Random(seed), Duration.ofHours(6));

        assertThat(world.memory.values().stream()
                        .filter(Alert::isOpen)
                        .map(alert -> alert.topic().key()))
                .doesNotHaveDuplicates();
    }

    @Property(tries = 20)
    void nothing_silenced_is_told_and_nothing_is_repeated_early_or_after_somebody_took_it(@ForAll long seed) {
        World world = new World("repeat: 20m");
        Random random = new Random(seed);
        Map<String, Instant> toldAt = new HashMap<>();
        for (int round = 0; round < 200; round++) {
            Map<String, Alert> before = Map.copyOf(world.memory);
            int told = world.notices.size();
            live(world, random, Duration.ofSeconds(1));
            for (Notice notice : world.notices.subList(told, world.notices.size())) {
                for (Notice.News item : notice.news()) {
                    assertThat(world.rules.silenced(item.topic(), world.silences, world.now))
                            .isEmpty();
                    if (item.change() == Change.LASTS) {
                        assertThat(before.get(item.alert()))
                                .isNotNull()
                                .extracting(Alert::state)
                                .isEqualTo(Alert.State.FIRING);
                    }
                    toldAt.put(item.alert(), world.now);
                }
            }
        }
        assertThat(toldAt.values()).allMatch(at -> !at.isAfter(world.now));
    }

    @Property(tries = 20)
    void in_the_end_everybody_knows_what_is_wrong_and_what_is_over(@ForAll long seed) {
        World world = new World();
        live(world, new Random(seed), Duration.ofHours(2));

        world.pass(Duration.ofHours(3));

        assertThat(world.memory.values()).allSatisfy(alert -> {
            switch (alert.state()) {
                case FIRING, ACKNOWLEDGED ->
                    assertThat(alert.told())
                            .get()
                            .satisfies(told -> assertThat(told.over()).isFalse());
                case RESOLVED ->
                    assertThat(alert.told().map(Alert.Told::over).orElse(true)).isTrue();
                // Wrong for a moment, then not to be seen: nobody knows whether it lasts.
                case PENDING ->
                    assertThat(world.verdicts.get(alert.topic().key()))
                            .isNotNull()
                            .extracting(standing -> standing.verdict().level())
                            .isEqualTo(Level.UNKNOWN);
            }
        });
    }

    @Property(tries = 10)
    void the_number_of_notices_of_what_flaps_is_bounded(@ForAll long seed) {
        World world = new World();
        Random random = new Random(seed);
        for (int turn = 0; turn < 100; turn++) {
            world.says("replication", "database/payments", turn % 2 == 0 ? Level.CRIT : Level.OK);
            world.pass(Duration.ofSeconds(10 + random.nextInt(300)));
        }
        long hours = Duration.between(World.BEGIN, world.now).toHours() + 1;

        assertThat(World.said(world.notices, "ops").size()).isLessThanOrEqualTo((int) (6 * hours + 6));
    }
}
