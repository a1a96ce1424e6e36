package io.pgcharter.platform.sandbox;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// The PostgreSQL servers this machine can run: one directory a major version where Debian puts them, and the bundles
/// (initdb, pg_ctl and postgres only) that come with pgcharter. Thread-safe, also beside other processes.
public final class PostgresBinaries {
    private static final int OLDEST = 14;
    private static final int NEWEST = 18;

    private final Path installed;
    private final Path bundles;
    private final Path unpacked;

    /// @param installed `/usr/lib/postgresql`, with `15/bin` and so on below
    /// @param bundles directory with `14.jar` to `18.jar`
    /// @param unpacked directory to unpack bundles into; made when needed
    public PostgresBinaries(Path installed, Path bundles, Path unpacked) {
        this.installed = installed;
        this.bundles = bundles;
        this.unpacked = unpacked;
    }

    /// Majors that can be run, installed or bundled.
    public Set<Integer> majors() {
        Set<Integer> majors = new TreeSet<>();
        for (int major = OLDEST; major <= NEWEST; major++) {
            if (Files.isExecutable(installedBin(major).resolve("postgres")) || Files.exists(bundle(major))) {
                majors.add(major);
            }
        }
        return majors;
    }

    /// The directory of `initdb` and `postgres` of exactly `major`; an installed one is preferred to a bundle.
    ///
    /// @throws ProblemException `PROGRAM_MISSING` naming the package to install
    public Path bin(int major) {
        Path bin = installedBin(major);
        if (Files.isExecutable(bin.resolve("postgres")) && Files.isExecutable(bin.resolve("initdb"))) {
            return bin;
        }
        if (Files.exists(bundle(major))) {
            // Threads of one process cannot wait for each other's file lock, so they wait here first.
            synchronized (PostgresBinaries.class) {
                return unpack(major).resolve("bin");
            }
        }
        throw new ProblemException(
                ProblemCode.PROGRAM_MISSING,
                "there is no PostgreSQL " + major + " server on this machine",
                "neither '" + bin + "' nor a bundle of it exists",
                "apt install postgresql-" + major);
    }

    /// `wanted`, or the nearest newer major that can be run.
    ///
    /// @throws ProblemException `PROGRAM_MISSING` naming the package to install
    public int majorFor(int wanted) {
        Optional<Integer> major =
                majors().stream().filter(candidate -> candidate >= wanted).findFirst();
        return major.orElseThrow(() -> new ProblemException(
                ProblemCode.PROGRAM_MISSING,
                "there is no PostgreSQL " + wanted + " server, nor a newer one, on this machine",
                "found: " + (majors().isEmpty() ? "none" : majors()),
                "apt install postgresql-" + wanted));
    }

    /// The newest installed major, for what lasts; the newest bundled one where none is installed.
    ///
    /// @throws ProblemException `PROGRAM_MISSING` naming the package to install
    public int preferredMajor() {
        return majors().stream()
                .filter(major -> Files.isExecutable(installedBin(major).resolve("postgres")))
                .max(Integer::compare)
                .or(() -> majors().stream().max(Integer::compare))
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.PROGRAM_MISSING,
                        "there is no PostgreSQL server on this machine",
                        "looked for one in '" + installed + "' and for a bundle in '" + bundles + "'",
                        "apt install postgresql"));
    }

    private Path installedBin(int major) {
        return installed.resolve(Integer.toString(major)).resolve("bin");
    }

    private Path bundle(int major) {
        return bundles.resolve(major + ".jar");
    }

    private Path unpack(int major) {
        Path directory = unpacked.resolve(Integer.toString(major));
        try {
            Files.createDirectories(unpacked);
            // Several processes may come at once; one unpacks, the others find it done.
            try (FileChannel channel = FileChannel.open(
                            unpacked.resolve(major + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.exists(directory)) {
                    Path partial = Files.createTempDirectory(unpacked, major + "-partial-");
                    Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
                    unpackBundle(bundle(major), partial);
                    Files.move(partial, directory);
                }
            }
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.STORAGE_UNREACHABLE,
                            "the bundled PostgreSQL " + major + " cannot be unpacked into '" + directory + "'",
                            String.valueOf(e.getMessage()),
                            "make room there, or: apt install postgresql-" + major),
                    e);
        }
        return directory;
    }

    /// A bundle is a jar that holds one `.txz`.
    private static void unpackBundle(Path jar, Path directory) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.stream()
                    .filter(candidate -> candidate.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("'" + jar + "' holds no .txz"));
            try (InputStream in = zip.getInputStream(entry);
                    TarArchiveInputStream tar =
                            new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(in)))) {
                for (TarArchiveEntry file = tar.getNextEntry(); file != null; file = tar.getNextEntry()) {
                    write(tar, file, directory);
                }
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry file, Path directory) throws IOException {
        Path path = directory.resolve(file.getName()).normalize();
        if (!path.startsWith(directory)) {
            throw new IOException("the bundle names a file outside of itself: '" + file.getName() + "'");
        }
        if (file.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (file.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(file.getLinkName()));
            return;
        }
        try (OutputStream out = Files.newOutputStream(path)) {
            tar.transferTo(out);
        }
        Set<PosixFilePermission> mode = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if ((file.getMode() & 0100) != 0) {
            mode.addAll(EnumSet.of(
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_EXECUTE));
        }
        Files.setPosixFilePermissions(path, mode);
    }

    /// For diagnostics: where servers were looked for.
    @Override
    public String toString() {
        return Stream.of(installed, bundles).map(Path::toString).toList().toString();
    }
}
