package io.pgcharter.platform.layout;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.migration.Source;
import io.pgcharter.model.migration.Source.Hindrance;
import io.pgcharter.model.migration.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Migrations as Prisma stores them: `<timestamp>_<name>/migration.sql`, in the order of the directories' names, and
/// `migration_lock.toml` beside them. A `down.sql` beside `migration.sql` is ours; Prisma does not look at it.
///
/// Source of the layout: prisma-engines, schema-connector/src/migrations_directory.rs.
public final class PrismaDirectory {
    static final String UP = "migration.sql";
    static final String DOWN = "down.sql";
    static final String LOCK = "migration_lock.toml";

    private static final String FORM = "Prisma's layout has one directory a migration, with a " + UP;
    private static final Pattern PROVIDER = Pattern.compile("(?m)^\\s*provider\\s*=\\s*\"([^\"]*)\"");
    private static final int NAME_MAX = 255;

    private final Directory directory;

    private PrismaDirectory(Directory directory) {
        this.directory = directory;
    }

    /// @param bytesMost the most that a file may have
    /// @throws ProblemException `MIGRATIONS_INVALID` naming the files
    public static List<Migration> read(Path path, long bytesMost) {
        return new PrismaDirectory(new Directory(path, bytesMost)).read();
    }

    private List<Migration> read() {
        Complaints complaints = new Complaints();
        lock(complaints);
        List<Migration> migrations = new ArrayList<>();
        for (Path entry : directory.entries()) {
            if (!Files.isDirectory(entry)) {
                continue;
            }
            Path up = entry.resolve(UP);
            String name = String.valueOf(entry.getFileName());
            if (!Files.isRegularFile(up)) {
                complaints.add(entry.toString(), "has no " + UP);
            } else if (name.length() > NAME_MAX) {
                complaints.add(entry.toString(), "has a name longer than the " + NAME_MAX + " that the history takes");
            } else {
                migrations.add(migration(name, up, entry.resolve(DOWN)));
            }
        }
        complaints.throwIfAny(FORM);
        migrations.sort(Comparator.comparing(Migration::version));
        return List.copyOf(migrations);
    }

    private void lock(Complaints complaints) {
        Path lock = directory.path().resolve(LOCK);
        if (!Files.isRegularFile(lock)) {
            return;
        }
        Matcher provider = PROVIDER.matcher(directory.read(lock).text());
        if (!provider.find()) {
            complaints.add(lock.toString(), "names no provider");
        } else if (!provider.group(1).equals("postgresql") && !provider.group(1).equals("postgres")) {
            complaints.add(lock.toString(), "names the provider '" + provider.group(1) + "', not 'postgresql'");
        }
    }

    private Migration migration(String name, Path up, Path down) {
        Directory.Read read = directory.read(up);
        // Prisma sends the mark to the server, which takes it for a part of the first word.
        Optional<Hindrance> hindrance = read.isMarked()
                ? Optional.of(new Hindrance(
                        1,
                        "begins with a byte order mark",
                        "Prisma would hand the mark to the server, which refuses it as a syntax error",
                        "store it as UTF-8 without a mark"))
                : Optional.empty();
        return new Migration(
                Kind.VERSIONED,
                name,
                Version.of(name),
                name.replaceFirst("^[0-9]+_", "").replace('_', ' '),
                name,
                Checksums.sha256(read.text()),
                Checksums.prisma(read.text()),
                new Source(up.toString(), read.unmarked(), hindrance),
                Files.isRegularFile(down)
                        ? Optional.of(
                                new Source(down.toString(), directory.read(down).unmarked(), Optional.empty()))
                        : Optional.empty());
    }
}
