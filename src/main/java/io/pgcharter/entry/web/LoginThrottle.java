package io.pgcharter.entry.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Makes guessing passwords slow: after some wrong ones, each further one must wait twice as long. Counted for a user
/// from one address, and for an address whatever the user; never for a user alone, for then anybody could lock them
/// out. On this node. Thread-safe; remembers the [#KEYS_MAX] last seen.
final class LoginThrottle {
    static final int FREE_FOR_USER = 5;
    static final int FREE_FOR_ADDRESS = 20;
    static final Duration WAIT_MAX = Duration.ofMinutes(15);
    private static final int KEYS_MAX = 10_000;

    private final LongSupplier nanos;
    private final Map<String, Failures> failures = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > KEYS_MAX;
        }
    };

    LoginThrottle(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Failures(int count, long lastNanos) {}

    /// How long this attempt has to wait; zero for now.
    synchronized Duration waiting(String user, String address) {
        Duration one = waiting(key(user, address), FREE_FOR_USER);
        Duration other = waiting(address, FREE_FOR_ADDRESS);
        return one.compareTo(other) > 0 ? one : other;
    }

    private Duration waiting(String key, int free) {
        Failures known = failures.get(key);
        if (known == null || known.count() < free) {
            return Duration.ZERO;
        }
        Duration whole = Duration.ofSeconds(1L << Math.min(known.count() - free, 20));
        Duration bounded = whole.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : whole;
        Duration left = bounded.minusNanos(nanos.getAsLong() - known.lastNanos());
        return left.isNegative() ? Duration.ZERO : left;
    }

    synchronized void failed(String user, String address) {
        for (String key : new String[] {key(user, address), address}) {
            int count = failures.getOrDefault(key, new Failures(0, 0)).count();
            failures.put(key, new Failures(count + 1, nanos.getAsLong()));
        }
    }

    synchronized void succeeded(String user, String address) {
        failures.remove(key(user, address));
    }

    private static String key(String user, String address) {
        return address + " " + user;
    }
}
