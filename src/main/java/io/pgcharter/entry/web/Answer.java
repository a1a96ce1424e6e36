package io.pgcharter.entry.web;

import io.pgcharter.entry.web.page.Assets;
import java.util.function.Consumer;

/// What a request is answered with.
sealed interface Answer {
    /// A document; `null` is never in it.
    record Json(int status, Object document) implements Answer {}

    /// A page.
    record Html(int status, String text) implements Answer {}

    /// Text as it is, of the type given.
    record Text(int status, String type, String text) implements Answer {}

    /// A file of the program, which may be kept for as long as `caching` says.
    record File(Assets.Asset asset, String caching) implements Answer {}

    /// Go and look there: a path of ours, or (for a login) an identity provider's address.
    record Elsewhere(String address) implements Answer {}

    /// Server-sent events, until `source` returns.
    record Events(Consumer<EventStream> source) implements Answer {}

    static Answer json(Object document) {
        return new Json(200, document);
    }
}
