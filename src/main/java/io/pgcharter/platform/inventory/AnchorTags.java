package io.pgcharter.platform.inventory;

import io.pgcharter.platform.repository.Snapshot;
import java.util.List;
import java.util.regex.Pattern;

/// What the tags of a snapshot say of the part of the journal that it holds a copy of.
public final class AnchorTags {
    private static final String TAG = "pgcharter-journal";
    private static final String FIRST = "first=";
    private static final String SIZE = "size=";
    private static final Pattern SIZE_TAG = Pattern.compile(SIZE + "[0-9]{1,18}");

    private AnchorTags() {}

    /// @param first number of the first entry it holds @param size entries of the journal that it signs
    public static List<String> of(long first, long size) {
        return List.of(TAG, FIRST + first, SIZE + size);
    }

    public static boolean isAnchor(Snapshot snapshot) {
        return snapshot.tags().contains(TAG);
    }

    /// How many entries, from the first, it signs; 0 of what is no anchor.
    public static long size(Snapshot snapshot) {
        if (!isAnchor(snapshot)) {
            return 0;
        }
        return snapshot.tags().stream()
                .filter(tag -> SIZE_TAG.matcher(tag).matches())
                .mapToLong(tag -> Long.parseLong(tag.substring(SIZE.length())))
                .max()
                .orElse(0);
    }
}
