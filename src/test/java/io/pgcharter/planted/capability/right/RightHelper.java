package io.pgcharter.planted.capability.right;

import io.pgcharter.planted.capability.left.Left;

public final class RightHelper {
    public void help(Left left) {
        left.nap();
    }
}
