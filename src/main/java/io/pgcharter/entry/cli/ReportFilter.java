package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Report;

/// A verb whose arguments choose what of a report is shown.
@FunctionalInterface
interface ReportFilter {
    Report filter(Report report);
}
