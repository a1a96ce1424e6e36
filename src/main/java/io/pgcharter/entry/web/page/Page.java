package io.pgcharter.entry.web.page;

/// What one page says.
public sealed interface Page permits ErrorPage, LoginPage {
    /// As the browser's tab shows it.
    String title();

    /// Which entry of the navigation it belongs to; empty for none.
    default String section() {
        return "";
    }
}
