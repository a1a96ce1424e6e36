package io.pgcharter.entry.web.page;

import java.util.Optional;

/// Why a request could not be served.
///
/// @param status HTTP status
/// @param code of the problem: `STATE_UNAVAILABLE`; empty where it is only HTTP's
/// @param fact in a sentence without full stop: `there is no database 'shp'`
public record ErrorPage(int status, Optional<String> code, String fact, String cause, String remedy) implements Page {
    @Override
    public String title() {
        return status == 404 ? "Not found" : "Error";
    }
}
