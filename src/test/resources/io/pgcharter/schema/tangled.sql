-- What is hard to write down: things that need one another, in names that need quotes. PostgreSQL 14 and newer; goes on top of
-- every-kind.sql.
create schema "Tangle d";
comment on schema public is 'not the standard one';
grant create on schema public to pg_monitor;
-- A view that needs a primary key, one that needs that view, and a function that returns its rows.
create table "Tangle d".keyed (id int primary key, name text, "Other ""n" text collate "C");
create view "Tangle d".grouped as select k.id, k.name, k."Other ""n", count(*) as n from "Tangle d".keyed k group by k.id;
create view "Tangle d".over as select g.id, g.n * 2 as twice from "Tangle d".grouped g;
create function "Tangle d".rows_of(g "Tangle d".grouped) returns setof "Tangle d".over language sql stable
  as 'select id, twice from "Tangle d".over where id = g.id';
create materialized view "Tangle d".kept as select id, n from "Tangle d".grouped;
create unique index on "Tangle d".kept (id);
comment on materialized view "Tangle d".kept is 'a;b';
-- A view that calls a function that reads the view.
create view "Tangle d".ring as select 1 as a, 'x'::text collate "C" as b;
create function "Tangle d".around() returns setof "Tangle d".ring language sql stable begin atomic select a, b from "Tangle d".ring; end;
create or replace view "Tangle d".ring as select a.a, a.b from "Tangle d".around() a where a.a > 0;
alter view "Tangle d".ring alter a set default 5;
create function "Tangle d".of_key(int) returns bigint language sql stable begin atomic
  select k.id + count(*) from "Tangle d".keyed k where k.id = $1 group by k.id; end;
-- A default that calls a function that takes the table's rows; a check that calls one.
create table "Tangle d".self (a int, b int);
create function "Tangle d".weigh(s "Tangle d".self) returns int language sql immutable as 'select s.a';
create function "Tangle d".fresh() returns int language sql as 'select coalesce(max(a), 0) + 1 from "Tangle d".self';
alter table "Tangle d".self alter b set default "Tangle d".fresh();
create function "Tangle d".fits(int) returns boolean language sql immutable as 'select $1 > 0';
alter table "Tangle d".self add constraint fitting check ("Tangle d".fits(a));
create table "Tangle d".judged (a int, b int);
create function "Tangle d".judge("Tangle d".judged) returns boolean language sql immutable as 'select $1.a > 0';
alter table "Tangle d".judged add constraint fair check ("Tangle d".judge(judged));
-- Heirs that were joined later, with their columns in an order of their own, or that name their parent's columns again.
create table "Tangle d".twofold (a int not null, twice int generated always as (a * 2) stored);
create table "Tangle d".joined (own text, twice int generated always as (a * 2) stored, a int not null);
alter table "Tangle d".joined inherit "Tangle d".twofold;
create table "Tangle d".merged (twice int, a int not null, more int) inherits ("Tangle d".twofold);
-- Columns in another order than the parent's, one dropped, one of each way to be filled.
create table "Tangle d".parted (id int not null, at date not null, v numeric(8,3) default 1.5, mood app.mood,
  twice numeric generated always as (v * 2) stored, constraint odd check (v < 100), primary key (id, at)) partition by range (at);
create table "Tangle d".part_1 (gone int, mood app.mood, v numeric(8,3) default 2, at date not null, id int not null,
  twice numeric generated always as (v * 2) stored, constraint odd check (v < 100), constraint own check (id > 0));
alter table "Tangle d".part_1 drop column gone;
alter table "Tangle d".parted attach partition "Tangle d".part_1 for values from (minvalue) to ('2026-01-01');
create table "Tangle d".part_2 partition of "Tangle d".parted for values from ('2026-01-01') to (maxvalue) partition by hash (id);
create table "Tangle d".part_2_0 partition of "Tangle d".part_2 for values with (modulus 2, remainder 0);
create table "Tangle d".part_2_1 partition of "Tangle d".part_2 for values with (modulus 2, remainder 1) with (fillfactor = 70);
create index "by v" on "Tangle d".parted (v) include (mood);
create index lonely on only "Tangle d".parted (mood);
alter table "Tangle d".parted add constraint to_keyed foreign key (id) references "Tangle d".keyed;
create table "Tangle d".refers (id int, at date, foreign key (id, at) references "Tangle d".parted on update cascade deferrable);
create trigger each before insert on "Tangle d".parted for each row execute function app.stamp();
alter table "Tangle d".part_1 disable trigger each;
create constraint trigger late after insert on "Tangle d".keyed deferrable initially deferred for each row execute function app.stamp();
-- Inheritance of several, with a local copy, a default and a demand of its own.
create table "Tangle d".left_parent (a int default 1, b text, constraint shared check (a > 0));
create table "Tangle d".right_parent (a int default 2, c text, constraint single check (c <> '') no inherit);
create table "Tangle d".heir (a int default 3, d text) inherits ("Tangle d".left_parent, "Tangle d".right_parent);
alter table "Tangle d".left_parent add constraint unproven check (a < 1000) not valid;
create table "Tangle d".younger () inherits ("Tangle d".left_parent);
alter table "Tangle d".heir alter b set not null, alter c set default 'c';
create type app.shape as (x int, y text collate "C");
create table "Tangle d".typed of app.shape (x with options not null default 7, primary key (x));
create table "Tangle d".empty ();
create table "Tangle d"."a;b -- c" ("d;e" text default E'f;''g\\h\n$$', "$1" int[] default array[1, 2], j jsonb default '{"a": ";"}');
comment on column "Tangle d"."a;b -- c"."d;e" is E'line\nline; ''q'' \\';
-- Types that need functions, an aggregate over several, operators that are one another's reverse, and a class of them.
create domain app.plus as int constraint positive check (value > 0);
alter domain app.plus add constraint small check (value < 100) not valid;
create domain app.pluses as app.plus[];
comment on constraint positive on domain app.plus is 'no zero';
create function app.mood_less(app.mood, app.mood) returns boolean language sql immutable as 'select $1::text < $2::text';
create function app.mood_more(app.mood, app.mood) returns boolean language sql immutable as 'select $1::text > $2::text';
create function app.mood_compare(app.mood, app.mood) returns int language sql immutable as 'select case when $1::text < $2::text then -1 when $1::text > $2::text then 1 else 0 end';
create operator app.<<< (leftarg = app.mood, rightarg = app.mood, function = app.mood_less, commutator = operator(app.>>>));
create operator app.>>> (leftarg = app.mood, rightarg = app.mood, function = app.mood_more, commutator = operator(app.<<<));
create function app.mood_same(app.mood, app.mood) returns boolean language sql immutable as 'select $1::text = $2::text';
create operator app.== (leftarg = app.mood, rightarg = app.mood, function = app.mood_same, hashes, merges);
create operator class app.by_text for type app.mood using btree as operator 1 app.<<<, operator 3 app.==, operator 5 app.>>>, function 1 app.mood_compare(app.mood, app.mood);
create index textual on app.customers (mood app.by_text);
create aggregate app.ranked(variadic "any" order by variadic "any") (sfunc = ordered_set_transition_multi, stype = internal,
  finalfunc = rank_final, finalfunc_extra, hypothetical);
create aggregate app.middle(float8 order by anyelement) (sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra);
comment on aggregate app.add_all(numeric) is 'adds';
comment on function app.twice(int, int) is 'doubles';
comment on operator app.<<< (app.mood, app.mood) is 'before';
comment on cast (app.point3 as text) is 'as text';
comment on constraint adult on app.customers is 'old enough';
comment on index app.lowered is 'for names';
comment on trigger stamped on app.customers is 'stamps';
comment on policy own on app.customers is 'own only';
comment on rule quiet on app."Cache" is 'quiet';
comment on event trigger ddl_watch is 'watches';
comment on publication feed is 'fed';
comment on server elsewhere is 'far';
comment on statistics app.together is 'both';
comment on text search configuration app.plain is 'plain';
comment on type app.mood is 'moods';
comment on extension pgcrypto is 'another comment';
create function app.into_sql(internal) returns internal language internal immutable as 'prsd_lextype';
create transform for app.point3 language sql (from sql with function app.into_sql(internal));
create conversion app.latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create collation app.numbers (provider = icu, locale = 'en-u-kn-true', deterministic = false);
create table app.sorted (name text collate app.numbers);
-- What was granted, passed on, taken away.
create procedure app."Odd proc"(in a int, out b text) language plpgsql as $body$ begin b := $$;$$ || a; end $body$;
revoke all on procedure app."Odd proc"(int, text) from public;
grant usage on sequence app.counter to pg_monitor;
grant usage on type app.mood to pg_monitor with grant option;
revoke all on table app."Cache" from postgres;
grant execute on function pg_catalog.pg_ls_dir(text) to pg_monitor;
grant execute on function app.digest(text, text) to pg_monitor;
revoke execute on function app.digest(text, text) from public;
grant usage on foreign server elsewhere to pg_monitor;
grant select on app.customers to pg_monitor with grant option;
set role pg_monitor; grant select on app.customers to pg_signal_backend; reset role;
grant usage on schema app, "Tangle d" to pg_monitor with grant option;
alter table "Tangle d".heir owner to pg_monitor;
alter default privileges grant usage on schemas to pg_monitor;
alter function app.twice(int, int) set search_path = app, "Tangle d", pg_temp;
alter function app.twice(text) depends on extension pgcrypto;
create index unfinished on app.customers (born);
update pg_index set indisvalid = false where indexrelid = 'app.unfinished'::regclass;
