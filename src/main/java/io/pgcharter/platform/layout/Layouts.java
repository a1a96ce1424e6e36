package io.pgcharter.platform.layout;

import io.pgcharter.model.migration.Layout;
import io.pgcharter.model.migration.Migration;
import java.nio.file.Path;
import java.util.List;

/// A directory of migrations read by its layout.
public final class Layouts {
    private Layouts() {}

    /// In the order in which they are carried out.
    ///
    /// @param bytesMost the most that a file may have
    /// @throws io.pgcharter.model.problem.ProblemException `MIGRATIONS_INVALID` naming files that do not keep to it
    public static List<Migration> read(Layout layout, Path directory, long bytesMost) {
        return switch (layout) {
            case PRISMA -> PrismaDirectory.read(directory, bytesMost);
            case FLYWAY -> FlywayDirectory.read(directory, bytesMost);
            case PLAIN -> PlainDirectory.read(directory, bytesMost);
        };
    }
}
