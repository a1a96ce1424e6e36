package io.pgcharter.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.state.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The journal in a real control database, whose superuser alters it.
class JournalIT {
    private static final int MAJOR = 15;
    private static final Secret PASSWORD = new Secret("correct horse");

    @TempDir
    private Path directory;

    private PostgresUrl url = TestServers.fresh(MAJOR);
    private Optional<State> state = Optional.empty();

    @BeforeEach
    void open() {
        open(url);
    }

    private void open(PostgresUrl other) {
        close();
        url = other;
        String text = "postgres://" + url.user() + "@/" + url.database() + "?host=" + url.host() + "&port=" + url.port()
                + "&sslmode=disable";
        state = Optional.of(State.open(new Secret(text), directory));
    }

    @AfterEach
    void close() {
        state.ifPresent(State::close);
        state = Optional.empty();
    }

    private Journal journal() {
        return new Journal(
                state.orElseThrow().jdbi(),
                JournalKey.loadOrCreate(directory.resolve("journal.key")),
                "host",
                InstantSource.system());
    }

    private static NewEntry entry(Step step) {
        return new NewEntry(
                step, new RunId("0123456789ab"), "backup", "{}", new Actor("alice", Optional.empty()), "{\"a\":1}");
    }

    /// Four entries and a checkpoint, so many times.
    private Checkpoint write(int times) {
        Checkpoint last = journal().checkpoint();
        for (int time = 0; time < times; time++) {
            for (Step step : Step.values()) {
                journal().append(entry(step));
            }
            last = journal().checkpoint();
        }
        return last;
    }

    private void sql(String statement) {
        state.orElseThrow().jdbi().useTransaction(handle -> {
            handle.execute("ALTER TABLE pgcharter.journal DISABLE TRIGGER ALL");
            handle.execute("ALTER TABLE pgcharter.checkpoint DISABLE TRIGGER ALL");
            handle.execute(statement);
            handle.execute("ALTER TABLE pgcharter.journal ENABLE TRIGGER ALL");
            handle.execute("ALTER TABLE pgcharter.checkpoint ENABLE TRIGGER ALL");
        });
    }

    private List<String> breaks() {
        return journal().verify(List.of()).breaks();
    }

    @Test
    void what_is_appended_is_numbered_without_gaps_kept_and_verified() {
        Checkpoint last = write(3);
        assertThat(last.size()).isEqualTo(12);
        assertThat(last.number()).isEqualTo(4);
        assertThat(journal().last(5)).extracting(Entry::sequence).containsExactly(8L, 9L, 10L, 11L, 12L);
        assertThat(journal().last(1).getFirst().step()).isEqualTo(Step.ENDED);
        Report.JournalVerify report = journal().verify(List.of());
        assertThat(report.breaks()).isEmpty();
        assertThat(report.root()).isEqualTo(last.root());
        assertThat(report.checkpointedSize()).isEqualTo(12);
    }

    @Test
    void appenders_take_turns() throws Exception {
        Callable<Void> append = () -> {
            for (int time = 0; time < 10; time++) {
                journal().append(entry(Step.ASKED));
                journal().checkpoint();
            }
            return null;
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> future :
                    List.of(threads.submit(append), threads.submit(append), threads.submit(append))) {
                future.get();
            }
        }
        Report.JournalVerify report = journal().verify(List.of());
        assertThat(report.breaks()).isEmpty();
        assertThat(report.size()).isEqualTo(30);
        assertThat(report.checkpointedSize()).isEqualTo(30);
    }

    @Test
    void the_tables_let_nobody_change_or_remove_a_row() {
        write(1);
        for (String table : new String[] {"journal", "checkpoint"}) {
            for (String statement : new String[] {"UPDATE %s SET x = x", "DELETE FROM %s", "TRUNCATE %s"}) {
                String column = table.equals("journal") ? "leaf" : "body";
                String text = String.format(statement, "pgcharter." + table).replace("x", column);
                assertThatThrownBy(() -> state.orElseThrow().jdbi().useHandle(handle -> handle.execute(text)))
                        .hasMessageContaining("the journal is append-only");
            }
        }
        assertThat(breaks()).isEmpty();
    }

    /// The second statement gives entry 7 other words and the hash that they have.
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    UPDATE pgcharter.journal SET leaf = set_byte(leaf, 9, 0) WHERE sequence = 7 ; entry 7 was altered: its bytes do not have its hash
                    UPDATE pgcharter.journal SET leaf = convert_to(replace(convert_from(leaf, 'UTF8'), 'alice', 'bob'), 'UTF8'), hash = sha256('\\x00' || convert_to(replace(convert_from(leaf, 'UTF8'), 'alice', 'bob'), 'UTF8')) WHERE sequence = 7 ; checkpoint 3 does not fit the first 8 entries: at least one behind entry 4 was altered
                    DELETE FROM pgcharter.journal WHERE sequence = 7 ; entry 7 is missing or out of order: entry 8 stands in its place
                    UPDATE pgcharter.journal SET leaf = o.leaf, hash = o.hash FROM pgcharter.journal o WHERE journal.sequence = 7 AND o.sequence = 3 ; entry 7 was altered: its bytes are those of another entry, or of none
                    DELETE FROM pgcharter.journal WHERE sequence > 6 ; checkpoint 3 covers 8 entries, the journal has 6: entries were cut off
                    DELETE FROM pgcharter.checkpoint WHERE number = 2 ; checkpoint 3 does not follow checkpoint 1: one was altered or is missing
                    UPDATE pgcharter.checkpoint SET body = 'x' WHERE number = 2 ; checkpoint 2 was altered: it cannot be read
                    UPDATE pgcharter.checkpoint SET body = replace(body, '"host"', '"tsoh"') WHERE number = 4 ; checkpoint 4 is not signed by the key it names
                    """)
    void a_superusers_change_is_named_also_by_a_verification_after_later_work(String statement, String found) {
        write(3);
        sql(statement);
        assertThat(breaks()).contains(found);
        write(1);
        // Entries that were cut off have other ones in their place by now.
        String where = String.join(" ", List.of(found.split(" ")).subList(0, 2));
        assertThat(breaks()).anyMatch(line -> line.startsWith(where + " "));
    }

    @Test
    void an_altered_last_checkpoint_stops_no_work_and_stays_found() {
        write(2);
        sql("UPDATE pgcharter.checkpoint SET body = 'x' WHERE number = 3");
        Checkpoint next = write(1);
        assertThat(next.size()).isEqualTo(12);
        assertThat(breaks()).containsExactly("checkpoint 3 was altered: it cannot be read");
    }

    @Test
    void an_entry_that_cannot_be_read_is_a_broken_journal() {
        write(1);
        sql("UPDATE pgcharter.journal SET leaf = '' WHERE sequence = 3");
        assertThatThrownBy(() -> journal().last(4)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().code()).isEqualTo(ProblemCode.JOURNAL_BROKEN);
            assertThat(e.problem().fact()).isEqualTo("entry 3 of the journal cannot be read");
            assertThat(e.problem().remedy()).contains("pgcharter journal verify");
        });
    }

    @Test
    void a_checkpoint_reads_only_the_entries_since_the_last_one() {
        write(3);
        sql("UPDATE pgcharter.journal SET hash = '\\x00'");
        Checkpoint next = write(1);
        sql("UPDATE pgcharter.journal SET hash = sha256('\\x00' || leaf)");
        assertThat(breaks()).isEmpty();
        assertThat(journal().verify(List.of()).root()).isEqualTo(next.root());
    }

    @ParameterizedTest
    @CsvSource({"''", "\\x00", "\\x0000000000000000000000000000000000000000000000000000000000000000", "null"})
    void a_checkpoint_believes_no_altered_tree(String peaks) {
        write(1);
        sql("UPDATE pgcharter.checkpoint SET peaks = " + (peaks.equals("null") ? "NULL" : "'" + peaks + "'"));
        write(1);
        assertThat(breaks()).isEmpty();
    }

    @Test
    void an_older_control_database_brought_back_contradicts_the_anchors() {
        Path place = directory.resolve("vault");
        Repository.init(place, PASSWORD).close();
        RepositoryAnchors anchors = new RepositoryAnchors("vault", () -> Repository.open(place, PASSWORD));
        anchor(anchors, write(2));
        close();
        PostgresUrl server = TestServers.server(MAJOR);
        String old = url.database() + "_old";
        try (Session session = Session.open(server, "test")) {
            session.execute("CREATE DATABASE " + old + " TEMPLATE " + url.database());
        }
        open(url);
        anchor(anchors, write(1));
        assertThat(journal().verify(anchors.read()).breaks()).isEmpty();

        open(url.withDatabase(old));
        assertThat(breaks()).isEmpty();
        assertThat(journal().verify(anchors.read()).breaks())
                .hasSize(2)
                .allMatch(line -> line.startsWith("the anchor in repository 'vault', snapshot "))
                .anyMatch(line -> line.endsWith("the journal was rolled back or replaced"))
                .anyMatch(line -> line.endsWith(" covers 12 entries, the journal has 8: entries were cut off"));
        write(1);
        assertThat(journal().verify(anchors.read()).breaks())
                .anyMatch(line -> line.endsWith(
                        "does not fit the first 12 entries: at least one behind entry 8 was" + " altered"));
    }

    private void anchor(RepositoryAnchors anchors, Checkpoint checkpoint) {
        anchors.write(checkpoint, first -> journal().leaves(first, checkpoint.size()));
    }

    @Test
    void each_anchor_keeps_the_entries_since_the_one_before_and_a_removed_one_is_missed_in_what_is_anchored()
            throws Exception {
        Path place = directory.resolve("vault");
        try (Repository repository = Repository.init(place, PASSWORD)) {
            RepositoryAnchors anchors = new RepositoryAnchors("vault", () -> Repository.open(place, PASSWORD));
            Checkpoint first = write(2);
            journal().append(entry(Step.ASKED));
            anchor(anchors, first);
            anchor(anchors, write(1));
            anchor(anchors, journal().checkpoint());

            List<Snapshot> snapshots = repository.snapshots();
            assertThat(snapshots)
                    .extracting(Snapshot::tags)
                    .containsExactlyInAnyOrder(
                            List.of("pgcharter-journal", "first=1", "size=8"),
                            List.of("pgcharter-journal", "first=9", "size=13"),
                            List.of("pgcharter-journal", "first=14", "size=13"));
            assertThat(lines(repository, "size=8")).isEqualTo(8);
            assertThat(lines(repository, "first=9")).isEqualTo(5);
            Report.JournalVerify report = journal().verify(anchors.read());
            assertThat(report.breaks()).isEmpty();
            assertThat(report.anchoredSize()).isEqualTo(13);
            assertThat(report.anchorCount()).isEqualTo(3);

            for (Snapshot snapshot : snapshots) {
                if (snapshot.tags().contains("size=13")) {
                    repository.forget(snapshot.id());
                }
            }
            Report.JournalVerify less = journal().verify(anchors.read());
            assertThat(less.anchoredSize()).isEqualTo(8);
            assertThat(less.anchorCount()).isEqualTo(1);
        }
    }

    private static int lines(Repository repository, String tag) throws Exception {
        Snapshot snapshot = repository.snapshots().stream()
                .filter(candidate -> candidate.tags().contains(tag))
                .findFirst()
                .orElseThrow();
        try (var reader = repository.read(snapshot);
                var in = reader.open("entries.jsonl")) {
            String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return (int) text.lines().count();
        }
    }

    @Test
    @Tag("soak")
    void twenty_thousand_entries_slow_neither_checkpoint_nor_verification() {
        Map<String, Duration> times = new java.util.LinkedHashMap<>();
        JournalKey key = JournalKey.loadOrCreate(directory.resolve("journal.key"));
        Ledger record = Ledger.of(5_000, key);
        state.orElseThrow().jdbi().useTransaction(handle -> {
            var leaves = handle.prepareBatch(
                    "INSERT INTO pgcharter.journal (sequence, leaf, hash, run) VALUES (:sequence, :leaf, :hash, 'r')");
            record.leaves()
                    .forEach(leaf -> leaves.bind("sequence", leaf.sequence())
                            .bind("leaf", leaf.leaf().value())
                            .bind("hash", leaf.hash().value())
                            .add());
            leaves.execute();
            var checkpoints =
                    handle.prepareBatch("INSERT INTO pgcharter.checkpoint (number, body) VALUES (:number, :body)");
            record.checkpoints()
                    .forEach(row -> checkpoints
                            .bind("number", row.number())
                            .bind("body", row.body())
                            .add());
            checkpoints.execute();
        });
        times.put("checkpoint, all entries read", timed(() -> journal().checkpoint()));
        List<Duration> resumed = new ArrayList<>();
        for (int time = 0; time < 20; time++) {
            journal().append(entry(Step.ASKED));
            resumed.add(timed(() -> journal().checkpoint()));
        }
        resumed.sort(null);
        times.put("checkpoint, resumed, median of 20", resumed.get(10));
        times.put("verification", timed(() -> assertThat(breaks()).isEmpty()));
        Path place = directory.resolve("vault");
        Repository.init(place, PASSWORD).close();
        RepositoryAnchors anchors = new RepositoryAnchors("vault", () -> Repository.open(place, PASSWORD));
        List<Duration> anchoring = new ArrayList<>();
        for (int time = 0; time < 50; time++) {
            Checkpoint checkpoint = journal().checkpoint();
            anchoring.add(timed(() -> anchor(anchors, checkpoint)));
        }
        times.put("first anchor", anchoring.getFirst());
        times.put("anchor behind 50", anchoring.getLast());
        times.put("reading 50 anchors", timed(anchors::read));
        assertThat(resumed.get(10)).as(times.toString()).isLessThan(Duration.ofMillis(50));
        assertThat(times.get("verification")).as(times.toString()).isLessThan(Duration.ofSeconds(20));
        assertThat(times.get("anchor behind 50")).as(times.toString()).isLessThan(Duration.ofSeconds(2));
        System.getLogger(JournalIT.class.getName()).log(System.Logger.Level.INFO, times.toString());
    }

    private static Duration timed(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
