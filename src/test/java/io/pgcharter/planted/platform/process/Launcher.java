package io.pgcharter.planted.platform.process;

import io.pgcharter.planted.policy.guard.Permit;

/// Platform that knows policy.
public final class Launcher {
    public Permit permit() {
        return new Permit();
    }
}
