package io.pgcharter.policy.seed;

import com.dynatrace.hash4j.hashing.Hashing;
import io.pgcharter.policy.charter.Bounds;
import io.pgcharter.policy.charter.SeedPlan.Kind;
import io.pgcharter.policy.charter.SeedPlan.Load.Made;
import io.pgcharter.policy.charter.SeedPlan.Recipe;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The rows of one [Made]. A value follows from the table, the column and the number of the row alone, by Komihash
/// 5.0: so it is the same on every machine, and a column that is added changes no other.
public final class MadeRows {
    private static final List<String> FIRST_NAMES = List.of(
            "Ada", "Ben", "Clara", "Dario", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Kofi", "Lena", "Mateo",
            "Nadia", "Olga", "Pavel", "Quinn", "Rosa", "Sofia", "Tomas", "Uma", "Viktor", "Wanda", "Yusuf", "Zoe");

    private static final List<String> LAST_NAMES = List.of(
            "Adler", "Bauer", "Costa", "Diaz", "Eriksen", "Fischer", "Garcia", "Horvat", "Ivanova", "Jansen", "Kovac",
            "Larsen", "Moreau", "Novak", "Okafor", "Petrov", "Quist", "Rossi", "Silva", "Tanaka", "Ueda", "Varga",
            "Weber", "Young", "Zimmer");

    private static final List<String> CITIES = List.of(
            "Athens",
            "Bergen",
            "Cork",
            "Dresden",
            "Evora",
            "Ghent",
            "Helsinki",
            "Izmir",
            "Krakow",
            "Lyon",
            "Malmo",
            "Nice",
            "Oslo",
            "Porto",
            "Riga",
            "Split",
            "Turin",
            "Uppsala",
            "Vienna",
            "Zagreb");

    private static final List<String> TRADES = List.of(
            "Bakery",
            "Bikes",
            "Books",
            "Brewery",
            "Consulting",
            "Design",
            "Foods",
            "Furniture",
            "Gardens",
            "Labs",
            "Logistics",
            "Media",
            "Optics",
            "Robotics",
            "Software",
            "Textiles",
            "Tools",
            "Travel");

    private static final List<String> SUBJECTS =
            List.of("The order", "The invoice", "Our customer", "This account", "The delivery", "The last payment");
    private static final List<String> VERBS =
            List.of("was checked", "needs attention", "was confirmed", "is late", "has been closed", "looks right");
    private static final List<String> ENDS =
            List.of("by hand", "this morning", "without delay", "for the second time", "as agreed", "once more");

    private final Made made;
    private final Map<Recipe.Of, List<String>> held;

    /// @param held the values that there are for each [Recipe.Of] among the recipes, none of them empty
    public MadeRows(Made made, Map<Recipe.Of, List<String>> held) {
        this.made = made;
        this.held = Map.copyOf(held);
    }

    /// The values of a row, in the order of the recipes.
    ///
    /// @param number of the row, from 0
    public List<String> row(long number) {
        List<String> values = new ArrayList<>(made.columns().size());
        made.columns().forEach((column, recipe) -> values.add(value(made.into() + "." + column, recipe, number)));
        return values;
    }

    private String value(String key, Recipe recipe, long number) {
        return switch (recipe) {
            case Recipe.Count(long from) -> Long.toString(from + number);
            case Recipe.OneOf(var texts) -> one(texts, key, number);
            case Recipe.Of of -> one(Objects.requireNonNull(held.get(of), "the values there are"), key, number);
            case Recipe.Between(String low, String high) -> {
                Bounds bounds = Bounds.of(low, high);
                yield bounds.at(new BigInteger(Long.toUnsignedString(hash(key, number))).mod(bounds.count()));
            }
            case Recipe.Like(var kind) -> like(kind, key, number);
        };
    }

    private static String like(Kind kind, String key, long number) {
        String first = one(FIRST_NAMES, key + "/first", number);
        String last = one(LAST_NAMES, key + "/last", number);
        return switch (kind) {
            case FIRST_NAME -> first;
            case LAST_NAME -> last;
            case NAME -> first + " " + last;
            case EMAIL -> (first + "." + last).toLowerCase(java.util.Locale.ROOT) + (number + 1) + "@example.com";
            case CITY -> one(CITIES, key, number);
            case COMPANY -> last + " " + one(TRADES, key, number);
            case SENTENCE ->
                one(SUBJECTS, key + "/subject", number) + " " + one(VERBS, key + "/verb", number) + " "
                        + one(ENDS, key + "/end", number) + ".";
            case UUID -> uuid(hash(key + "/high", number), hash(key + "/low", number));
        };
    }

    /// Version 8 of RFC 9562: bits of our own.
    private static String uuid(long high, long low) {
        return new java.util.UUID(
                        (high & 0xffffffffffff0fffL) | 0x8000L, (low & 0x3fffffffffffffffL) | 0x8000000000000000L)
                .toString();
    }

    private static String one(List<String> texts, String key, long number) {
        return texts.get((int) Long.remainderUnsigned(hash(key, number), texts.size()));
    }

    private static long hash(String key, long number) {
        return Hashing.komihash5_0().hashStream().putString(key).putLong(number).getAsLong();
    }
}
