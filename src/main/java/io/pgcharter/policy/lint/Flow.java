package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Block;
import io.pgcharter.model.sql.Block.Step;
import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// The session that a file's statements run in, one after the other. Those of a `DO` block run in its transaction; what
/// may be taken or not is judged as if it were, and nothing is trusted afterwards that holds only if it was. Not
/// thread-safe.
final class Flow {
    private static final Set<String> UTC = Set.of("UTC", "GMT", "ETC/UTC", "ZULU");

    /// With any unit: no limit.
    private static final Pattern ZERO = Pattern.compile("0+ *(US|MS|S|MIN|H|D)?");

    private final SqlFile file;
    private final Script script;
    private final Wishes wishes;
    private final Known known;
    private final Consumer<Situation> judge;
    private final Learning learning;
    private boolean together;
    private Transaction transaction;
    private Limits limits;
    private boolean utc;
    private boolean within;
    private boolean limitedAfterwards;

    Flow(SqlFile file, Script script, Wishes wishes, Known known, Consumer<Situation> judge) {
        this.file = file;
        this.script = script;
        this.wishes = wishes;
        this.known = known;
        this.judge = judge;
        this.learning = new Learning(known, false);
        this.together = script.statements().stream().noneMatch(statement -> Alone.mustBe(statement.node()));
        this.transaction = new Transaction(together);
        this.limits = wishes.runner();
    }

    void go(Statement statement) {
        judged(statement);
        file.block(statement).ifPresent(this::enter);
    }

    private void judged(Statement statement) {
        Setting setting = new Setting(wishes.version(), utc);
        Effect effect = new Effects(known, setting).of(statement.node());
        Situation situation =
                new Situation(file, script, statement, known, effect, transaction, setting, wishes, limits);
        judge.accept(situation);
        pass(situation);
    }

    /// A block is one statement: where each ends by itself, its own end together.
    private void enter(Block block) {
        boolean wereTogether = together;
        Transaction outer = transaction;
        if (!outer.isReal()) {
            together = true;
            transaction = new Transaction(true);
        }
        within = true;
        limitedAfterwards = limits.onTime();
        walk(block.steps());
        within = false;
        limits = new Limits(limits.onLocks(), limitedAfterwards);
        together = wereTogether;
        transaction = outer.isReal() ? transaction : outer;
    }

    private void walk(List<Step> steps) {
        for (Step step : steps) {
            switch (step) {
                case Step.Sql(Statement statement) -> judged(statement);
                case Step.Way(List<Step> taken) -> perhaps(taken);
                case Step.Unread _ -> {
                    // A rule speaks of it; what it does is not known.
                }
            }
        }
    }

    private void perhaps(List<Step> taken) {
        Known before = known.copy();
        Limits limitsBefore = limits;
        boolean limitedBefore = limitedAfterwards;
        boolean utcBefore = utc;
        walk(taken);
        known.doubt(before);
        limits = limits.and(limitsBefore);
        limitedAfterwards &= limitedBefore;
        utc &= utcBefore;
    }

    private void pass(Situation situation) {
        Node node = situation.node();
        switch (node.kind()) {
            case "TransactionStmt" ->
                transaction = new Transaction(node.text("kind").equals("TRANS_STMT_BEGIN")
                        || node.text("kind").equals("TRANS_STMT_START")
                        || together);
            case "VariableSetStmt" ->
                set(
                        node.text("name"),
                        node.text("kind").equals("VAR_SET_VALUE")
                                ? node.list("args").stream().findFirst().orElse(Node.NONE)
                                : Node.NONE);
            case "SelectStmt" -> configured(node);
            case "AlterEnumStmt" -> transaction.enumValue(node.text("newVal"));
            default -> effects(situation);
        }
        learning.learn(situation.here());
    }

    private void effects(Situation situation) {
        situation.effect().touches().forEach((table, touch) -> {
            if (situation.isOld(table)) {
                transaction.lock(table, touch.lock());
                if (touch.scans()) {
                    transaction.work(table);
                }
            }
        });
        situation.changes("AT_AddConstraint").stream()
                .filter(command -> command.definition().flag("skip_validation"))
                .forEach(command -> transaction.unproven(command.definition().text("conname")));
    }

    /// `SELECT set_config('lock_timeout', '2s', true)`.
    private void configured(Node select) {
        for (Node target : select.list("targetList")) {
            Node call = target.child("val");
            List<String> name = call.texts("funcname");
            List<Node> arguments = call.list("args");
            if (!name.isEmpty() && name.getLast().equals("set_config") && arguments.size() == 3) {
                set(arguments.getFirst().child("sval").text("sval"), arguments.get(1));
            }
        }
    }

    /// @param value a constant; [Node#NONE] for what holds by default
    private void set(String name, Node value) {
        String text = value.child("sval").text("sval").toUpperCase(Locale.ROOT);
        boolean isZero = value.has("ival")
                ? value.child("ival").number("ival") == 0
                : ZERO.matcher(text).matches();
        boolean isLimit = value.isPresent() && !isZero;
        switch (name.toLowerCase(Locale.ROOT)) {
            case "lock_timeout" -> limits = new Limits(isLimit, limits.onTime());
            case "statement_timeout" -> {
                // A block is one statement: a limit that is set in it holds from the next one on.
                limitedAfterwards = isLimit;
                limits = new Limits(limits.onLocks(), within ? limits.onTime() : isLimit);
            }
            case "timezone" -> utc = UTC.contains(text);
            default -> {
                // Costs nobody anything.
            }
        }
    }
}
