package io.pgcharter.platform.layout;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.migration.Source;
import io.pgcharter.model.migration.Source.Hindrance;
import io.pgcharter.model.migration.Version;
import io.pgcharter.model.sql.Place;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Migrations as Flyway names them, with its default prefixes: `V1.2__description.sql`, `U1.2__description.sql`,
/// `R__description.sql`, `B1.2__description.sql`, in the directory and those below it.
///
/// Flyway passes by what it does not recognise; here that is an error, for a callback or a migration in Java that is
/// left out in silence leaves another database than the team's own tool would.
///
/// Source of the names: Flyway, core/internal/resource/ResourceNameParser.java.
public final class FlywayDirectory {
    private static final String FORM = "Flyway's layout has V1__name.sql, U1__name.sql, R__name.sql and B1__name.sql;"
            + " callbacks and migrations in Java are not carried out here";
    private static final Pattern SQL = Pattern.compile("(?i)(.+)\\.sql");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^}\\n]*}");
    private static final int SCRIPT_MAX = 1000;
    private static final int TITLE_MAX = 200;
    private static final int VERSION_MAX = 50;

    private final Directory directory;
    private final Complaints complaints = new Complaints();

    private FlywayDirectory(Directory directory) {
        this.directory = directory;
    }

    /// One file.
    private record Named(char prefix, Optional<Version> version, String title, Path file, String script) {}

    /// The versioned ones by version, then the repeatable ones by description; baselines first.
    ///
    /// @param bytesMost the most that a file may have
    /// @throws ProblemException `MIGRATIONS_INVALID` naming the files
    public static List<Migration> read(Path path, long bytesMost) {
        return new FlywayDirectory(new Directory(path, bytesMost)).read();
    }

    /// A version as Flyway shows and stores it, without zeros at its end, so that equal versions have one name.
    public static String name(Version version) {
        List<BigInteger> numbers = new ArrayList<>(version.numbers());
        while (numbers.size() > 1 && numbers.getLast().signum() == 0) {
            numbers.removeLast();
        }
        return numbers.stream().map(BigInteger::toString).collect(Collectors.joining("."));
    }

    /// What a repeatable migration is called here.
    public static String repeatableName(String description) {
        return "R__" + description.replace(' ', '_');
    }

    private List<Migration> read() {
        List<Named> named = directory.files().stream()
                .filter(file -> !String.valueOf(file.getFileName()).endsWith(".sql.conf"))
                .flatMap(file -> named(file).stream())
                .toList();
        Map<Version, Named> undos = unique(named, 'U');
        List<Migration> migrations = new ArrayList<>();
        unique(named, 'B').values().forEach(one -> migrations.add(migration(one, Optional.empty())));
        unique(named, 'V')
                .forEach((version, one) -> migrations.add(migration(one, Optional.ofNullable(undos.remove(version)))));
        undos.values().forEach(one -> complaints.add(one.file().toString(), "undoes a version that is not there"));
        Map<String, Named> repeatables = new TreeMap<>();
        named.stream().filter(one -> one.prefix() == 'R').forEach(one -> {
            Named twin = repeatables.putIfAbsent(one.title(), one);
            if (twin != null) {
                complaints.add(one.file().toString(), "has the description of '" + twin.file() + "'");
            }
        });
        repeatables.values().forEach(one -> migrations.add(migration(one, Optional.empty())));
        complaints.throwIfAny(FORM);
        return List.copyOf(migrations);
    }

    private Map<Version, Named> unique(List<Named> named, char prefix) {
        Map<Version, Named> unique = new TreeMap<>(Comparator.naturalOrder());
        named.stream().filter(one -> one.prefix() == prefix).forEach(one -> {
            Named twin = unique.putIfAbsent(one.version().orElseThrow(), one);
            if (twin != null) {
                complaints.add(one.file().toString(), "has the version of '" + twin.file() + "'");
            }
        });
        return unique;
    }

    private Optional<Named> named(Path file) {
        String fileName = String.valueOf(file.getFileName());
        Matcher sql = SQL.matcher(fileName);
        if (!sql.matches()) {
            if (fileName.endsWith(".java") || fileName.endsWith(".class")) {
                complaints.add(file.toString(), "is a migration in Java, or a part of one");
            }
            return Optional.empty();
        }
        String stem = sql.group(1);
        char prefix = stem.charAt(0);
        int separator = stem.indexOf("__");
        String number = separator < 0 ? stem.substring(1) : stem.substring(1, Math.max(1, separator));
        String title = separator < 0 ? "" : stem.substring(separator + 2).replace('_', ' ');
        String script = directory.path().relativize(file).toString().replace('\\', '/');
        if (script.length() > SCRIPT_MAX || title.length() > TITLE_MAX || number.length() > VERSION_MAX) {
            complaints.add(file.toString(), "has a name that is too long for the history");
            return Optional.empty();
        }
        if (prefix == 'R' && separator == 1) {
            return Optional.of(new Named(prefix, Optional.empty(), title, file, script));
        }
        if ("VUB".indexOf(prefix) < 0 || !number.matches("[0-9]+([._][0-9]+)*")) {
            complaints.add(file.toString(), "is no name of a migration");
            return Optional.empty();
        }
        return Optional.of(new Named(prefix, Optional.of(Version.ofNumbers(number)), title, file, script));
    }

    private Migration migration(Named one, Optional<Named> undo) {
        Source up = source(one.file());
        String checksum = Checksums.flyway(up.text());
        Version version = one.version().orElse(Version.of(one.title()));
        return new Migration(
                switch (one.prefix()) {
                    case 'R' -> Kind.REPEATABLE;
                    case 'B' -> Kind.BASELINE;
                    default -> Kind.VERSIONED;
                },
                one.version().map(FlywayDirectory::name).orElseGet(() -> repeatableName(one.title())),
                version,
                one.title(),
                one.script(),
                checksum,
                Set.of(checksum),
                up,
                undo.map(named -> source(named.file())));
    }

    private Source source(Path file) {
        String text = directory.read(file).unmarked();
        Path settings = file.resolveSibling(file.getFileName() + ".conf");
        return new Source(
                file.toString(), text, Files.isRegularFile(settings) ? settings(settings) : placeholder(text));
    }

    /// A file of settings may turn placeholders off; anything else it says would be lost.
    private Optional<Hindrance> settings(Path settings) {
        List<String> others = directory
                .read(settings)
                .text()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .filter(line -> !line.replace(" ", "").toLowerCase(Locale.ROOT).equals("placeholderreplacement=false"))
                .filter(line -> !line.replace(" ", "").toLowerCase(Locale.ROOT).startsWith("executeintransaction="))
                .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(new Hindrance(
                        1,
                        "has settings of its own: '" + others.getFirst() + "' in " + settings.getFileName(),
                        "of such settings only executeInTransaction and placeholderReplacement=false are known here",
                        "apply it with Flyway, or do without the setting"));
    }

    private static Optional<Hindrance> placeholder(String text) {
        Matcher found = PLACEHOLDER.matcher(text);
        return found.find()
                ? Optional.of(new Hindrance(
                        Place.of(text, found.start()).line(),
                        "has the placeholder " + found.group(),
                        "Flyway would put a value in its place that pgcharter does not know",
                        "write the value, or turn placeholders off: placeholderReplacement=false in the file's .conf"))
                : Optional.empty();
    }
}
