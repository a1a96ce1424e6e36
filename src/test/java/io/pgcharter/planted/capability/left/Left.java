package io.pgcharter.planted.capability.left;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.planted.capability.right.RightHelper;
import io.pgcharter.planted.policy.guard.Permit;
import java.io.IOException;
import java.sql.Timestamp;
import java.time.Instant;

/// Breaks nearly every rule of the house, so that each can be seen to catch someone.
public final class Left {
    static int counter;

    public void work(Operation.Status operation) {
        new RightHelper().help(this);
    }

    Permit mint() {
        return new Permit();
    }

    Process launch() throws IOException {
        return new ProcessBuilder("true").start();
    }

    Timestamp clock() {
        return Timestamp.from(Instant.now());
    }

    void print() {
        System.out.println(counter++);
    }

    void fail() {
        throw new RuntimeException("something");
    }

    @SuppressWarnings("BusyWait")
    public void nap() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
