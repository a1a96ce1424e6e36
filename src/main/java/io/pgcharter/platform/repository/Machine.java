package io.pgcharter.platform.repository;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Who and where this process is, as locks, keys and snapshots name it.
record Machine(String host, String user, long uid, long gid, long pid) {
    static Machine here() {
        UnixSystem unix = new UnixSystem();
        return new Machine(
                hostName(),
                System.getProperty("user.name", "unknown"),
                unix.getUid(),
                unix.getGid(),
                ProcessHandle.current().pid());
    }

    /// The kernel's name for the host, because restic compares locks by it; a resolver may know another one.
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (NoSuchFileException e) {
            return resolvedHostName();
        } catch (IOException e) {
            throw new IllegalStateException("the kernel does not tell the host's name", e);
        }
    }

    private static String resolvedHostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
