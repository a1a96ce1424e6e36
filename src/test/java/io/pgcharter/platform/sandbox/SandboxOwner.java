package io.pgcharter.platform.sandbox;

import java.io.IOException;
import java.nio.file.Path;

/// A process that makes a sandbox and keeps it until it hears something, or is killed.
final class SandboxOwner {
    private SandboxOwner() {}

    public static void main(String[] arguments) throws IOException {
        try (Sandboxes.Sandbox sandbox = new Sandboxes(TestServers.binaries(), Path.of(arguments[0])).start(15)) {
            System.out.println("socket " + sandbox.url().host());
            System.in.read();
        }
        System.out.println("closed");
    }
}
