package io.pgcharter.policy.schema;

import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ObjectName;
import io.pgcharter.model.sql.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Takes a script for one transaction apart, so that what reads or sorts many rows keeps nobody from writing:
/// indexes are built CONCURRENTLY, constraints are added NOT VALID and validated later.
///
/// An index or a constraint that takes the place of another one is made beside it, and they change places when it is
/// there: at no time is a table without.
public final class Online {
    private static final String NAME = "(\"(?:[^\"]|\"\")+\"|[\\w$]+)";
    private static final Pattern BUILDING =
            Pattern.compile("(CREATE (?:UNIQUE )?INDEX CONCURRENTLY )" + NAME, Pattern.CASE_INSENSITIVE);
    private static final Pattern ON = Pattern.compile(" ON (?:ONLY )?(" + NAME + "\\." + NAME + ") USING ");
    private static final Pattern USING = Pattern.compile("USING INDEX " + NAME + ";\\s*$");

    /// Of an index that is built while another one still has its name.
    private static final String ENDING = "_new";

    private static final int NAME_BYTES_MAX = 63;

    private final List<Part> parts;
    private final List<String> first = new ArrayList<>();
    private final List<String> slow = new ArrayList<>();
    private final List<String> swap = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    /// The tables of indexes that there are; schema and name, unquoted.
    private final Map<List<String>, List<String>> indexed = new HashMap<>();

    private final Set<List<String>> partitioned = new HashSet<>();

    /// What waits for the new indexes of its table, by the name that it gives up.
    private final Map<List<String>, String> replaced = new LinkedHashMap<>();

    private Online(List<Part> parts, Catalog target) {
        this.parts = parts;
        target.objects().forEach(this::learn);
    }

    /// A statement of the script.
    ///
    /// @param node its tree
    /// @param safe its safe form as lint writes it, if it is to be taken: steps apart by an empty line
    public record Part(String statement, Node node, Optional<String> safe) {}

    /// The script in the order in which its parts are carried out.
    ///
    /// @param first in one transaction, nothing of it for long
    /// @param slow each by itself: what takes long and stops nobody
    /// @param swap in one transaction, nothing of it for long
    public record Draft(List<String> first, List<String> slow, List<String> swap) {
        public Draft {
            first = List.copyOf(first);
            slow = List.copyOf(slow);
            swap = List.copyOf(swap);
        }

        /// Whether there is nothing that takes long.
        public boolean isPlain() {
            return slow.isEmpty();
        }
    }

    /// @param target what there is
    public static Draft draft(List<Part> parts, Catalog target) {
        return new Online(parts, target).draft();
    }

    /// Whether a statement has to be outside of transactions.
    public static boolean isAlone(String statement) {
        return BUILDING.matcher(statement).lookingAt();
    }

    private Draft draft() {
        Set<List<String>> tables = parts.stream()
                .filter(part -> isTaken(part) && part.safe().orElse("").contains(" CONCURRENTLY "))
                .map(part -> table(part.node()))
                .collect(Collectors.toSet());
        for (Part part : parts) {
            dropped(part)
                    .filter(name -> tables.contains(indexed.getOrDefault(name, List.of())))
                    .ifPresent(name -> replaced.put(name, part.statement()));
        }
        for (Part part : parts) {
            if (isTaken(part)) {
                steps(part);
            } else if (!replaced.containsValue(part.statement())) {
                first.add(part.statement());
            }
        }
        List<String> last = new ArrayList<>(replaced.values());
        last.addAll(swap);
        last.addAll(names);
        return new Draft(first, slow, last);
    }

    /// Of a partitioned table an index cannot be built so, nor most constraints be added.
    private boolean isTaken(Part part) {
        return part.safe().isPresent()
                && (part.node().is("IndexStmt") || part.node().is("AlterTableStmt"))
                && !partitioned.contains(table(part.node()));
    }

    private void steps(Part part) {
        String schema = table(part.node()).getFirst();
        String built = "";
        for (String step : part.safe().orElse("").strip().split("\n\n", -1)) {
            String text = step.strip();
            Matcher building = BUILDING.matcher(text);
            if (building.lookingAt()) {
                String wanted = building.group(2);
                built = freeName(schema, wanted);
                slow.add(building.replaceFirst(Matcher.quoteReplacement(building.group(1) + built)));
                if (part.node().is("IndexStmt") && !built.equals(wanted)) {
                    names.add("ALTER INDEX " + quoted(schema) + "." + built + " RENAME TO " + wanted + ";");
                }
            } else if (text.endsWith(" NOT VALID;")) {
                first.add(text);
            } else if (text.contains(" VALIDATE CONSTRAINT ")) {
                slow.add(text);
            } else {
                swap.add(USING.matcher(text).replaceFirst(Matcher.quoteReplacement("USING INDEX " + built + ";")));
            }
        }
    }

    /// The index's own name, or another one if its own is still taken.
    private String freeName(String schema, String name) {
        String bare = QualifiedName.of(name).bare().getFirst();
        if (!replaced.containsKey(List.of(schema, bare))) {
            return name;
        }
        while (bare.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX - ENDING.length()) {
            bare = bare.substring(0, bare.offsetByCodePoints(bare.length(), -1));
        }
        return quoted(bare + ENDING);
    }

    /// The index that a statement drops, or what has the name of the constraint that it drops.
    private static Optional<List<String>> dropped(Part part) {
        Node node = part.node();
        if (node.is("DropStmt") && node.text("removeType").equals("OBJECT_INDEX")) {
            return node.list("objects").size() == 1
                    ? Optional.of(node.list("objects").getFirst().texts("items"))
                    : Optional.empty();
        }
        List<Node> commands = node.list("cmds");
        return node.is("AlterTableStmt")
                        && commands.size() == 1
                        && commands.getFirst().text("subtype").equals("AT_DropConstraint")
                ? Optional.of(
                        List.of(table(node).getFirst(), commands.getFirst().text("name")))
                : Optional.empty();
    }

    /// Index definitions are PostgreSQL's own words, in which the table is qualified.
    private void learn(ObjectName object, Map<String, String> attributes) {
        List<String> name = QualifiedName.of(object.text()).bare();
        String definition = attributes.getOrDefault(object.kind() == ObjectKind.INDEX ? "definition" : "index", "");
        Matcher on = ON.matcher(definition);
        if ((object.kind() == ObjectKind.INDEX || object.kind() == ObjectKind.CONSTRAINT) && on.find()) {
            indexed.put(
                    List.of(name.getFirst(), name.getLast()),
                    QualifiedName.of(on.group(1)).bare());
        } else if (object.kind() == ObjectKind.TABLE && attributes.containsKey("partition key")) {
            partitioned.add(name);
        }
    }

    private static List<String> table(Node node) {
        Node relation = node.child("relation");
        return List.of(relation.text("schemaname"), relation.text("relname"));
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
