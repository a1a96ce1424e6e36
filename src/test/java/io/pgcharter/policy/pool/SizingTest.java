package io.pgcharter.policy.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.estate.ServerRoom;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.PoolerName;
import io.pgcharter.model.operation.PoolerSizes;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.policy.charter.PoolPlan;
import io.pgcharter.policy.charter.PoolPlan.Limits;
import io.pgcharter.policy.charter.PoolPlan.Listening;
import io.pgcharter.policy.charter.PoolPlan.Mode;
import io.pgcharter.policy.charter.PoolPlan.Pooler;
import io.pgcharter.policy.charter.PoolPlan.Served;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// Budgets and sizes, of servers that are written down.
class SizingTest {
    private static final String SERVER = "db:5432";

    private static DatabaseName database(int number) {
        return new DatabaseName("d" + number);
    }

    private static Served shared(int share, int users) {
        return new Served(
                share,
                OptionalInt.empty(),
                OptionalInt.empty(),
                IntStream.range(0, users).mapToObj(user -> "u" + user).toList());
    }

    private static Pooler pooler(String name, OptionalInt budget, int reserve, Served... databases) {
        Map<DatabaseName, Served> served = new LinkedHashMap<>();
        for (int number = 0; number < databases.length; number++) {
            served.put(database(number), databases[number]);
        }
        return new Pooler(
                new PoolerName(name),
                new Listening("127.0.0.1", 6432),
                Mode.TRANSACTION,
                budget,
                served,
                new Limits(OptionalInt.empty(), 0, reserve),
                "/etc/pgbouncer/userlist.txt",
                Optional.empty(),
                9);
    }

    /// A server of 100 connections, of which 3 are kept for superusers, and pgcharter takes 2 a database.
    private static Situation situation(Pooler... poolers) {
        Map<PoolerName, Pooler> plan = new LinkedHashMap<>();
        Arrays.stream(poolers).forEach(pooler -> plan.put(pooler.name(), pooler));
        Map<DatabaseName, Endpoint> endpoints = Arrays.stream(poolers)
                .flatMap(pooler -> pooler.databases().keySet().stream())
                .distinct()
                .collect(Collectors.toMap(
                        name -> name,
                        name -> new Endpoint(
                                name, "db", 5432, name.text(), SERVER, Optional.empty(), Optional.empty(), 2)));
        ServerRoom room = new ServerRoom(100, 3, 0, 10, 1, List.of(), Map.of(), Map.of());
        return new Situation("charter.yaml", new PoolPlan(plan), endpoints, Map.of(SERVER, room));
    }

    private static List<Integer> most(Sizing.Sizes sizes) {
        return sizes.pools().stream().map(PoolerSizes.Pools::maxDbConnections).toList();
    }

    @Property(tries = 2000)
    void whatever_is_shared_no_more_than_the_budget_is_given_away_and_every_pool_has_a_connection(
            @ForAll @IntRange(min = 1, max = 80) int budget,
            @ForAll @IntRange(max = 2) int reserve,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 50) Integer> shares,
            @ForAll @IntRange(min = 1, max = 4) int users) {
        Pooler pooler = pooler(
                "main",
                OptionalInt.of(budget),
                reserve,
                shares.stream().map(share -> shared(share, users)).toArray(Served[]::new));
        int needed = shares.size() * users * (1 + reserve);
        if (needed > budget) {
            assertThatThrownBy(() -> Sizing.of(pooler, situation(pooler))).hasMessageContaining("need " + needed);
            return;
        }

        Sizing.Sizes sizes = Sizing.of(pooler, situation(pooler));

        assertThat(most(sizes).stream().mapToInt(Integer::intValue).sum()).isEqualTo(budget);
        assertThat(sizes.pools()).allSatisfy(size -> {
            assertThat(size.poolSize()).isPositive();
            assertThat(users * (size.poolSize() + reserve)).isLessThanOrEqualTo(size.maxDbConnections());
        });
    }

    @Test
    void shares_divide_what_sizes_of_their_own_leave() {
        Served sized = new Served(1, OptionalInt.of(5), OptionalInt.empty(), List.of("a", "b"));
        Served capped = new Served(1, OptionalInt.empty(), OptionalInt.of(8), List.of("a", "b"));
        Pooler pooler = pooler("main", OptionalInt.of(48), 0, sized, capped, shared(2, 1), shared(1, 2));

        Sizing.Sizes sizes = Sizing.of(pooler, situation(pooler));

        assertThat(most(sizes)).containsExactly(10, 8, 20, 10);
        assertThat(sizes.pools()).extracting(PoolerSizes.Pools::poolSize).containsExactly(5, 4, 20, 5);
        assertThat(sizes.clientsMax()).isEqualTo(480);
    }

    @Test
    void poolers_of_one_server_do_not_give_away_the_same_connection() {
        Pooler stated = pooler("stated", OptionalInt.of(30), 0, shared(1, 1));
        Pooler one = pooler("one", OptionalInt.empty(), 0, shared(1, 1));
        Pooler two = pooler("two", OptionalInt.empty(), 0, shared(1, 1));
        Situation all = situation(stated, one, two);

        // 100 - 3 - 2 - 30 - 10 left free = 55
        assertThat(most(Sizing.of(stated, all))).containsExactly(30);
        assertThat(most(Sizing.of(one, all))).containsExactly(27);
        assertThat(most(Sizing.of(two, all))).containsExactly(27);

        Pooler tooMuch = pooler("much", OptionalInt.of(70), 0, shared(1, 1));
        assertThatThrownBy(() -> Sizing.of(tooMuch, situation(stated, tooMuch)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.POOL_BUDGET_EXCEEDED))
                .hasMessageContaining("room for 65");
    }

    @Test
    void one_server_under_two_names_is_refused() {
        Pooler pooler = pooler("main", OptionalInt.of(10), 0, shared(1, 1), shared(1, 1));
        Situation one = situation(pooler);
        Map<DatabaseName, Endpoint> endpoints = new LinkedHashMap<>(one.endpoints());
        endpoints.put(
                database(1),
                new Endpoint(
                        database(1), "10.0.0.7", 5432, "d1", "10.0.0.7:5432", Optional.empty(), Optional.empty(), 2));
        Situation two = new Situation(
                one.file(), one.plan(), endpoints, Map.of(SERVER, one.room(SERVER), "10.0.0.7:5432", one.room(SERVER)));

        assertThatThrownBy(() -> Sizing.of(pooler, two)).hasMessageContaining("are one server");
    }
}
