package io.pgcharter.platform.metrics;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Measures the machine pgcharter runs on: processors and memory by Linux's `/proc`
/// (<https://man7.org/linux/man-pages/man5/proc.5.html>), the file system with its state. The machines of the
/// databases cannot be seen over SQL. Used by one thread at a time.
public final class NodeMeter {
    private static final Path PROCESSORS = Path.of("/proc/stat");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path OWN = Path.of("/proc/self/status");
    private static final int BYTES_PER_KB = 1024;

    private final String subject;
    private final Path directory;
    private long busyBefore;
    private long allBefore;

    /// @param node name of this machine @param directory where pgcharter keeps its state
    public NodeMeter(String node, Path directory) {
        this.subject = "node/" + node;
        this.directory = directory;
    }

    /// @param databases that this node watches @param latePerSecond samples left out
    public Measurement measure(int databases, double latePerSecond) {
        Map<Metric, Double> measured = new EnumMap<>(Metric.class);
        measured.put(Metric.NODE_DATABASES, (double) databases);
        measured.put(Metric.NODE_SAMPLES_LATE_PER_SECOND, latePerSecond);
        processors(measured);
        kilobytes(measured, MEMORY, "MemTotal", Metric.NODE_MEMORY_BYTES);
        kilobytes(measured, MEMORY, "MemAvailable", Metric.NODE_MEMORY_FREE_BYTES);
        kilobytes(measured, OWN, "VmRSS", Metric.NODE_RESIDENT_BYTES);
        try {
            FileStore disk = Files.getFileStore(directory);
            measured.put(Metric.NODE_DISK_BYTES, (double) disk.getTotalSpace());
            measured.put(Metric.NODE_DISK_FREE_BYTES, (double) disk.getUsableSpace());
        } catch (IOException unseen) {
            // What cannot be seen has no value.
            measured.remove(Metric.NODE_DISK_BYTES);
        }
        return new Measurement(subject, System.nanoTime(), Measures.of(measured));
    }

    /// The first line of `/proc/stat`: jiffies in user, nice, system, idle, iowait, irq, softirq, steal.
    private void processors(Map<Metric, Double> measured) {
        String[] fields = read(PROCESSORS).lines().findFirst().orElse("").split(" +", -1);
        if (fields.length < 9) {
            return;
        }
        long all = 0;
        for (int field = 1; field <= 8; field++) {
            all += Long.parseLong(fields[field]);
        }
        long busy = all - Long.parseLong(fields[4]) - Long.parseLong(fields[5]);
        if (allBefore > 0 && all > allBefore) {
            measured.put(Metric.NODE_CPU_RATIO, (double) (busy - busyBefore) / (all - allBefore));
        }
        allBefore = all;
        busyBefore = busy;
    }

    private static void kilobytes(Map<Metric, Double> measured, Path file, String name, Metric metric) {
        Matcher matcher = Pattern.compile("(?m)^" + name + ":\\s+(\\d+) kB").matcher(read(file));
        if (matcher.find()) {
            measured.put(metric, Double.parseDouble(matcher.group(1)) * BYTES_PER_KB);
        }
    }

    /// Nothing on systems without such a file.
    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException elsewhere) {
            return "";
        }
    }
}
