package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// An amount of money, by its name, of type real, double precision or money.
final class FloatMoney implements Rule {
    private static final Card CARD = new Card(
            "float-money",
            Severity.ERROR,
            "an amount of money, by its name, of type real, double precision or money",
            "0.1 + 0.2 is not 0.3 in the first two; money has the currency of whoever asks "
                    + "(lc_monetary), and no more digits than that.",
            "numeric with a fixed scale, or bigint in the smallest unit, and the currency beside it.",
            """
            CREATE TABLE invoices (id bigint PRIMARY KEY, total_amount double precision);
            """,
            """
            CREATE TABLE invoices (id bigint PRIMARY KEY, total_amount numeric(18,2), weight double precision);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return Stream.concat(
                        Columns.ofType(at, "float4", "float8")
                                .filter(column ->
                                        MONEY.matcher(column.text("colname")).find()),
                        Columns.ofType(at, "money"))
                .map(column -> at.hit(column, column.text("colname") + " does not hold amounts of money exactly"))
                .toList();
    }

    /// Words of a column's name that mean money.
    private static final Pattern MONEY = Pattern.compile(
            "(^|_)(amounts?|balances?|prices?|costs?|fees?|totals?|salary|salaries|tax|taxes|vat|payments?|payouts?|debit"
                    + "|credit|deposit|refunds?|revenue|turnover|cash|interest|commission|notional|pnl|fund|funds)(_|$)",
            Pattern.CASE_INSENSITIVE);
}
