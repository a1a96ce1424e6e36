package io.pgcharter.model.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.schema.Difference.Attribute;
import io.pgcharter.model.schema.Difference.Change;
import io.pgcharter.model.schema.Difference.How;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    private static final ObjectName TABLE = new ObjectName(ObjectKind.TABLE, "public.t");
    private static final ObjectName VIEW = new ObjectName(ObjectKind.VIEW, "public.a");

    @Property(tries = 200)
    void a_catalog_does_not_differ_from_itself_and_equal_fingerprints_mean_equal_objects(
            @ForAll("catalogs") Catalog one, @ForAll("catalogs") Catalog other) {
        assertThat(Difference.between(one, one).isEmpty()).isTrue();
        assertThat(Difference.between(one, other).isEmpty())
                .isEqualTo(one.objects().equals(other.objects()));
        assertThat(one.fingerprint().equals(other.fingerprint()))
                .isEqualTo(one.objects().equals(other.objects()));
    }

    @Property(tries = 200)
    void the_difference_back_is_the_same_turned_round(
            @ForAll("catalogs") Catalog one, @ForAll("catalogs") Catalog other) {
        List<Change> there = Difference.between(one, other).changes();
        List<Change> back = Difference.between(other, one).changes();

        assertThat(back.stream().map(DifferenceTest::turned).toList()).isEqualTo(there);
    }

    @Test
    void what_is_added_removed_and_changed_is_told_with_what_was_and_what_is() {
        Catalog before = catalog(Map.of(TABLE, Map.of("owner", "ada"), VIEW, Map.of("definition", "select 1")));
        ObjectName sequence = new ObjectName(ObjectKind.SEQUENCE, "public.z");
        Catalog after =
                catalog(Map.of(TABLE, Map.of("owner", "bob", "comment", "new"), sequence, Map.of("start", "1")));

        assertThat(Difference.between(before, after).changes())
                .containsExactly(
                        new Change(sequence, How.ADDED, List.of(attribute("start", null, "1"))),
                        new Change(
                                TABLE,
                                How.CHANGED,
                                List.of(attribute("comment", null, "new"), attribute("owner", "ada", "bob"))),
                        new Change(VIEW, How.REMOVED, List.of(attribute("definition", "select 1", null))));
    }

    @Test
    void texts_that_are_cut_elsewhere_have_another_fingerprint() {
        Catalog one = catalog(Map.of(TABLE, Map.of("a", "bc")));
        Catalog other = catalog(Map.of(TABLE, Map.of("ab", "c")));

        assertThat(one.fingerprint()).isNotEqualTo(other.fingerprint());
    }

    @Provide
    Arbitrary<Catalog> catalogs() {
        Arbitrary<String> few = Arbitraries.of("a", "b", "c");
        Arbitrary<ObjectName> names = few.flatMap(
                text -> Arbitraries.of(ObjectKind.TABLE, ObjectKind.VIEW).map(kind -> new ObjectName(kind, text)));
        return Arbitraries.maps(names, Arbitraries.maps(few, few).ofMaxSize(2))
                .ofMaxSize(3)
                .map(DifferenceTest::catalog);
    }

    private static Change turned(Change change) {
        How how = switch (change.how()) {
            case ADDED -> How.REMOVED;
            case REMOVED -> How.ADDED;
            case CHANGED -> How.CHANGED;
        };
        return new Change(
                change.name(),
                how,
                change.attributes().stream()
                        .map(attribute -> new Attribute(attribute.name(), attribute.after(), attribute.before()))
                        .toList());
    }

    private static Attribute attribute(String name, @Nullable String before, @Nullable String after) {
        return new Attribute(name, Optional.ofNullable(before), Optional.ofNullable(after));
    }

    private static Catalog catalog(Map<ObjectName, Map<String, String>> objects) {
        SortedMap<ObjectName, SortedMap<String, String>> sorted = new TreeMap<>();
        objects.forEach((name, attributes) -> sorted.put(name, new TreeMap<>(attributes)));
        return new Catalog(15, new TreeSet<>(), sorted);
    }
}
