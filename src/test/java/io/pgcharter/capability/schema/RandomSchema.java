package io.pgcharter.capability.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A small schema by chance, the same for the same seed: of two seeds many objects have the same names and other
/// shapes.
final class RandomSchema {
    private static final List<String> TYPES = List.of("int", "bigint", "text", "varchar(20)", "numeric(10,2)");
    private static final int TABLES = 4;
    private static final int COLUMNS = 5;

    private final Random random;
    private final List<String> statements = new ArrayList<>();

    private RandomSchema(long seed) {
        random = new Random(seed);
    }

    static String of(long seed) {
        RandomSchema schema = new RandomSchema(seed);
        schema.make();
        return String.join(";\n", schema.statements) + ";";
    }

    private boolean chance() {
        return random.nextBoolean();
    }

    private void make() {
        statements.add("create schema \"S one\"");
        statements.add("create type \"S one\".kind as enum ('a', 'b'" + (chance() ? ", 'c'" : "") + ")");
        if (chance()) {
            statements.add("create sequence \"S one\".numbers increment " + (1 + random.nextInt(3)));
        }
        if (chance()) {
            statements.add("create domain \"S one\".amount as numeric" + (chance() ? " default 1" : "")
                    + (chance() ? " check (value > 0)" : ""));
        }
        statements.add("create function \"S one\".change() returns trigger language plpgsql as 'begin return new; end'"
                + (chance() ? " stable" : ""));
        for (int table = 0; table < TABLES; table++) {
            if (random.nextInt(4) > 0) {
                table("\"S one\".\"T " + table + "\"", table);
            }
        }
    }

    private void table(String name, int number) {
        List<String> columns = new ArrayList<>(List.of("id " + (chance() ? "int" : "bigint") + " primary key"));
        List<String> names = new ArrayList<>(List.of("id"));
        for (int column = 0; column < COLUMNS; column++) {
            if (chance()) {
                // Types that convert into each other by themselves only: others need a USING that nobody can know.
                String type = column == 0 ? TYPES.get(2 + random.nextInt(2)) : TYPES.get(column);
                names.add("\"c" + column + "\"");
                columns.add("\"c" + column + "\" " + type + (chance() ? " not null" : "")
                        + (chance() ? " default " + (column % 2 == 0 ? "'1'" : "2") : ""));
            }
        }
        statements.add("create table " + name + " (" + String.join(", ", columns)
                + (chance() ? ", check (id > " + random.nextInt(3) + ")" : "") + ")"
                + (chance() ? " with (fillfactor = " + (70 + 10 * random.nextInt(3)) + ")" : ""));
        String last = names.getLast();
        if (chance()) {
            statements.add("create " + (chance() ? "unique " : "") + "index \"i " + number + "\" on " + name + " ("
                    + last + (chance() ? " desc" : "") + ")" + (chance() ? " where id > 5" : ""));
        }
        if (chance()) {
            statements.add("comment on column " + name + "." + last + " is 'it''s " + random.nextInt(3) + "'");
        }
        if (chance()) {
            statements.add("alter table " + name + " add \"mood\" \"S one\".kind" + (chance() ? " default 'a'" : ""));
        }
        if (chance()) {
            statements.add("create trigger \"t " + number + "\" " + (chance() ? "before" : "after") + " insert on "
                    + name + " for each row execute function \"S one\".change()");
        }
        if (chance()) {
            statements.add("alter table " + name + " enable row level security");
            statements.add("create policy \"p\" on " + name + " for select using (id > " + random.nextInt(3) + ")");
        }
        if (chance()) {
            statements.add("grant select" + (chance() ? ", update" : "") + " on " + name + " to pg_monitor");
        }
        if (chance()) {
            statements.add("alter table " + name + " add constraint \"self\" foreign key (id) references " + name
                    + (chance() ? " not valid" : ""));
        }
        if (chance()) {
            statements.add("create view \"S one\".\"V " + number + "\" as select id, " + last + " as seen from " + name
                    + (chance() ? " where id > 1" : ""));
        }
    }
}
