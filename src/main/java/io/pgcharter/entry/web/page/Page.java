package io.pgcharter.entry.web.page;

/// What one page says.
public sealed interface Page
        permits AccountPage,
                AlertsPage,
                ApprovalsPage,
                DatabasePage,
                DecisionPage,
                ErrorPage,
                JournalPage,
                LoginPage,
                Overview,
                RunList,
                RunPage,
                SchedulePage,
                UsersPage,
                WelcomePage {
    /// As the browser's tab shows it.
    String title();

    /// Which entry of the navigation it belongs to; empty for none.
    default String section() {
        return "";
    }
}
