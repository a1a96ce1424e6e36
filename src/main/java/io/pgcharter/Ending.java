package io.pgcharter;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Ends the process in order, also when it is interrupted: on Ctrl-C or `kill` the runs are asked to stop, which
/// journals them as cancelled, and the process ends with the code they end with.
final class Ending {
    /// How long runs have to stop after an interruption. What still runs then is journaled as lost by the next start.
    private static final Duration STOP_TIME_MAX = Duration.ofSeconds(30);

    private static final int STOPPED = 1;

    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    /// @param cancel asks everything that runs to stop
    Ending(Runnable cancel) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(cancel), "ending"));
    }

    void end(int code) {
        exitCode.complete(code);
        System.exit(code);
    }

    /// Nothing runs any more, whatever the reason.
    void over() {
        exitCode.complete(STOPPED);
    }

    /// Runs at every end of the process; after [#end] there is nothing left to do.
    private void interrupted(Runnable cancel) {
        if (exitCode.isDone()) {
            return;
        }
        cancel.run();
        int code = STOPPED;
        try {
            code = exitCode.get(STOP_TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            System.err.println("pgcharter: stopped without waiting for its runs: "
                    + e.getClass().getSimpleName());
        }
        // Inside a shutdown the exit code is already the signal's; only halting can set ours.
        Runtime.getRuntime().halt(code);
    }
}
