package io.pgcharter.entry.web;

import io.pgcharter.model.operation.Role;

/// One thing that can be asked for over the network.
///
/// @param path with parameters in braces: `/api/v1/runs/{run}`
/// @param summary in one line, for people who read the list
record Route(Method method, String path, Permission permission, Kind kind, String summary, Handling handling) {
    Route {
        if (!path.startsWith("/") || summary.isBlank()) {
            throw new IllegalStateException("a route needs a path and a summary: '" + path + "'");
        }
    }

    /// What can be done with it. What changes anything is a POST.
    enum Method {
        GET,
        POST
    }

    /// For whom it is made: that decides what a refusal looks like.
    enum Kind {
        /// Programs: JSON, problems included.
        API,
        /// People: HTML, and a way to the login.
        PAGE
    }

    /// Whom it is open to. A route cannot be made without saying so.
    sealed interface Permission {
        /// Whoever can reach us.
        record Anybody() implements Permission {}

        /// Whoever holds the role. What is submitted is judged by the guard besides, by the operation's own role.
        record Needs(Role role) implements Permission {}
    }

    /// Serves one request.
    @FunctionalInterface
    interface Handling {
        /// @throws Rejection if it cannot be served
        /// @throws io.pgcharter.model.problem.ProblemException if something went wrong
        Answer answer(Request request);
    }
}
