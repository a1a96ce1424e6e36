package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.PoolerSizes;
import io.pgcharter.model.operation.Report;
import java.util.Locale;

/// Sizes of poolers as people read them: what there is room for and why, then what each database gets.
final class PoolsText {
    private final Screen screen;

    PoolsText(Screen screen) {
        this.screen = screen;
    }

    void show(Report.Pools report) {
        if (report.poolers().isEmpty()) {
            screen.line("the charter has no section 'pools'");
        }
        boolean isFirst = true;
        for (PoolerSizes pooler : report.poolers()) {
            if (!isFirst) {
                screen.line("");
            }
            isFirst = false;
            screen.line(
                    Tone.STRONG,
                    pooler.pooler() + ", on " + pooler.listen() + ", pool_mode " + pooler.mode() + ", max_client_conn "
                            + pooler.maxClientConn());
            pooler.budgets().forEach(this::budget);
            pools(pooler);
            pooler.users()
                    .forEach(user -> screen.line("  user " + user.user() + ": max_user_connections "
                            + user.maxUserConnections() + ", its role's CONNECTION LIMIT"));
            pooler.notes().forEach(note -> screen.line("  " + screen.dress(Tone.WARNING, "note") + "  " + note));
        }
    }

    private void budget(PoolerSizes.Budget budget) {
        screen.line("  budget of " + budget.server() + ": " + budget.connections() + " connections, "
                + (budget.stated() ? "as the charter says" : "what there is room for") + "; the pools take at most "
                + budget.used());
        int sum = 0;
        for (PoolerSizes.Evidence item : budget.evidence()) {
            evidence(item.connections(), item.what());
            sum += item.connections();
        }
        evidence(sum, "room");
    }

    private void evidence(int connections, String what) {
        screen.line(String.format(Locale.ROOT, "    %6d  %s", connections, what));
    }

    private void pools(PoolerSizes pooler) {
        Table table = new Table(
                Column.left("DATABASE"),
                Column.left("SERVER"),
                Column.left("USERS"),
                Column.right("POOL_SIZE"),
                Column.right("RESERVE"),
                Column.right("MAX_DB_CONNECTIONS"));
        for (PoolerSizes.Pools size : pooler.pools()) {
            table.row(
                    Cell.of(size.database().text()),
                    Cell.of(size.server() + "/" + size.name()),
                    size.users().isEmpty() ? Cell.none() : Cell.of(String.join(", ", size.users())),
                    Cell.of(Integer.toString(size.poolSize())),
                    Cell.of(Integer.toString(size.reservePoolSize())),
                    Cell.of(Integer.toString(size.maxDbConnections())));
        }
        screen.line("");
        screen.table(table);
    }
}
