package io.pgcharter.platform.layout;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.migration.Version;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Makes the files of a new migration, behind all that are there. No file is ever replaced.
public final class NewFiles {
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss").withZone(ZoneOffset.UTC);
    private static final int TIMESTAMP_DIGITS = 14;
    private static final int PLAIN_DIGITS = 4;

    private final Path directory;
    private final List<Migration> there;
    private final Instant now;
    private final List<String> made = new ArrayList<>();

    /// @param there all migrations of the directory
    public NewFiles(Path directory, List<Migration> there, Instant now) {
        this.directory = directory;
        this.there = List.copyOf(there);
        this.now = now;
    }

    /// `<timestamp>_<title>/migration.sql` and `down.sql`, as `prisma migrate` names them; and the lock file,
    /// if there is none yet.
    ///
    /// @return the files
    public List<String> prisma(String title) {
        if (!Files.exists(directory.resolve(PrismaDirectory.LOCK))) {
            write(
                    PrismaDirectory.LOCK,
                    "# made by pgcharter; Prisma reads the provider from it\nprovider = \"postgresql\"\n");
        }
        String name = TIMESTAMP.format(now) + "_" + words(title);
        requireLast(Version.of(name), name);
        write(name + "/" + PrismaDirectory.UP, up(title));
        write(name + "/" + PrismaDirectory.DOWN, down(title));
        return List.copyOf(made);
    }

    /// `V<next>__<title>.sql` and `U<next>__<title>.sql`.
    public List<String> flyway(String title) {
        String number = next(1);
        write("V" + number + "__" + words(title) + ".sql", up(title));
        write("U" + number + "__" + words(title) + ".sql", down(title));
        return List.copyOf(made);
    }

    /// `<next>_<title>.up.sql` and `<next>_<title>.down.sql`, with as many digits as those that are there.
    public List<String> plain(String title) {
        int digits = there.stream()
                .mapToInt(migration -> migration.name().indexOf('_'))
                .max()
                .orElse(PLAIN_DIGITS);
        String name = next(digits) + "_" + words(title);
        write(name + ".up.sql", up(title));
        write(name + ".down.sql", down(title));
        return List.copyOf(made);
    }

    /// The number behind the last; the time, if that is what numbers are there.
    private String next(int digits) {
        Optional<BigInteger> last =
                newest().map(migration -> migration.version().numbers().getFirst());
        boolean isTime = last.filter(number -> number.toString().length() == TIMESTAMP_DIGITS)
                .isPresent();
        BigInteger next = last.orElse(BigInteger.ZERO).add(BigInteger.ONE);
        BigInteger time = new BigInteger(TIMESTAMP.format(now));
        String text = isTime ? next.max(time).toString() : next.toString();
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    private Optional<Migration> newest() {
        return there.stream()
                .filter(migration -> migration.kind() != Kind.REPEATABLE)
                .max(Comparator.comparing(Migration::version));
    }

    private void requireLast(Version version, String name) {
        newest().filter(last -> last.version().compareTo(version) >= 0).ifPresent(last -> {
            throw new ProblemException(
                    ProblemCode.MIGRATIONS_INVALID,
                    "a migration '" + name + "' would stand before '" + last.name() + "'",
                    "migrations are carried out in the order of their names, and that one is from the future",
                    "give '" + last.name() + "' the time at which it was made, if no database has it yet");
        });
    }

    /// The title as a file name: letters a to z, digits, underscores.
    private static String words(String title) {
        String plain = Normalizer.normalize(title, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replace("ß", "ss")
                .replaceAll("\\p{M}", "")
                .replaceAll("[^a-z0-9]+", "_")
                .replaceAll("^_|_$", "");
        return plain.isEmpty() ? "migration" : plain;
    }

    private static String up(String title) {
        return "-- " + title + "\n";
    }

    private static String down(String title) {
        return "-- undoes: " + title + "\n";
    }

    private void write(String name, String text) {
        Path file = directory.resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            made.add(file.toString());
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.MIGRATIONS_INVALID,
                            "'" + file + "' cannot be made",
                            e.getClass().getSimpleName() + ": " + e.getMessage(),
                            "look at the directory's permissions"),
                    e);
        }
    }
}
