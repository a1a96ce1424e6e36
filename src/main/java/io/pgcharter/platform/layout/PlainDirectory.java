package io.pgcharter.platform.layout;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.migration.Source;
import io.pgcharter.model.migration.Version;
import io.pgcharter.model.problem.ProblemException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Migrations as numbered files: `0001_name.up.sql` and `0001_name.down.sql`, or `0001_name.sql` alone. Files that do
/// not end in `.sql` are none.
public final class PlainDirectory {
    static final Pattern NAME = Pattern.compile("(([0-9]{1,20})_([A-Za-z0-9][A-Za-z0-9_-]*))(\\.up|\\.down)?\\.sql");

    private static final String FORM =
            "the plain layout has 0001_name.up.sql and 0001_name.down.sql, or 0001_name.sql; letters, digits, - and _";
    private static final int NAME_MAX = 255;

    private final Directory directory;
    private final Complaints complaints = new Complaints();

    private PlainDirectory(Directory directory) {
        this.directory = directory;
    }

    /// @param bytesMost the most that a file may have
    /// @throws ProblemException `MIGRATIONS_INVALID` naming the files
    public static List<Migration> read(Path path, long bytesMost) {
        return new PlainDirectory(new Directory(path, bytesMost)).read();
    }

    /// The files of one number.
    private record Numbered(String name, String title, Map<String, Path> files) {}

    private List<Migration> read() {
        Map<BigInteger, Numbered> numbered = new TreeMap<>();
        for (Path file : directory.entries()) {
            String fileName = String.valueOf(file.getFileName());
            if (!Files.isRegularFile(file) || !fileName.endsWith(".sql")) {
                continue;
            }
            Matcher parts = NAME.matcher(fileName);
            if (!parts.matches() || parts.group(1).length() > NAME_MAX) {
                complaints.add(file.toString(), "is no name of a migration");
                continue;
            }
            Numbered those = numbered.computeIfAbsent(
                    new BigInteger(parts.group(2)),
                    _ -> new Numbered(parts.group(1), parts.group(3).replace('_', ' '), new TreeMap<>()));
            String role = Optional.ofNullable(parts.group(4)).orElse(".up");
            Path twin = those.files().putIfAbsent(role, file);
            if (twin != null || !those.name().equals(parts.group(1))) {
                complaints.add(
                        file.toString(),
                        "has the number of '"
                                + those.files().values().iterator().next() + "'");
            }
        }
        numbered.values().stream()
                .filter(one -> !one.files().containsKey(".up"))
                .forEach(one -> complaints.add(
                        one.files().values().iterator().next().toString(), "undoes nothing: there is no up"));
        complaints.throwIfAny(FORM);
        return numbered.entrySet().stream()
                .map(entry -> migration(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Migration migration(BigInteger number, Numbered numbered) {
        Source up = source(numbered, ".up").orElseThrow();
        String checksum = Checksums.sha256(up.text().replace("\r\n", "\n"));
        return new Migration(
                Kind.VERSIONED,
                numbered.name(),
                new Version(List.of(number), ""),
                numbered.title(),
                numbered.name(),
                checksum,
                Set.of(checksum),
                up,
                source(numbered, ".down"));
    }

    private Optional<Source> source(Numbered numbered, String role) {
        return Optional.ofNullable(numbered.files().get(role))
                .map(file -> new Source(file.toString(), directory.read(file).unmarked(), Optional.empty()));
    }
}
