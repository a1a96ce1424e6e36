-- A large schema of everything that is hard at once: COUNT tables of ten shapes in three schemas, whose names need quotes, are
-- keywords or are not ASCII; views and functions that need one another in rings; PostgreSQL 14 and newer.
create schema "Größe";
create schema "select";
create schema "日本 語.x";
create type "select"."enum" as enum ('a', 'b''c', '"d"', 'ü');
create type "select".pair as (x int, "y ""z" text collate "C");
create domain "select".positive as "select".pair constraint "x > 0" check ((value).x > 0);
create domain "select".several as "select".positive[] default '{}';
create type "select".span as range (subtype = numeric, multirange_type_name = "select"."many spans");
create sequence "select"."from" as smallint increment 3 cycle;
create function "Größe".stamp() returns trigger language plpgsql as 'begin return new; end';
create function "Größe".watch() returns event_trigger language plpgsql as 'begin null; end';
create event trigger "watch ""all" on ddl_command_end when tag in ('DROP TABLE') execute function "Größe".watch();
create foreign data wrapper "far off" options (mode 'x');
create server "over there" type 'T' foreign data wrapper "far off" options ("host name" 'it''s');
create publication "all ""of it" for all tables with (publish = 'insert');
create publication few;
do $make$
declare
  schemas constant text[] := array['Größe', 'select', '日本 語.x'];
  words constant text[] := array['table', 'Прайс "лист"', 'order.by', 'naïve $1 ''q'''];
  s text; t text; n text; plain text; number int;
begin
  for i in 0..COUNT - 1 loop
    s := schemas[1 + i % 3];
    t := words[1 + i % 4] || ' ' || i;
    n := format('%I.%I', s, t);
    case i % 10
    when 6 then
      execute format('create table %s (id bigint not null, "at" date not null, "group" "select"."enum", v numeric default 1.5,
        "twice v" numeric generated always as (v * 2) stored, primary key (id, "at")) partition by range ("at")', n);
      execute format('create table %I.%I partition of %s for values from (''2026-01-01'') to (''2027-01-01'')
        with (fillfactor = 80)', s, t || ' 2026', n);
      execute format('create table %I.%I partition of %s default partition by hash (id)', schemas[1 + (i + 1) % 3],
        t || ' rest', n);
      execute format('create table %I.%I partition of %I.%I for values with (modulus 1, remainder 0)', s, t || ' rest a',
        schemas[1 + (i + 1) % 3], t || ' rest');
      execute format('create index on %s ("group") include (v) where v > 0', n);
      execute format('create trigger "each" after insert on %s for each row execute function "Größe".stamp()', n);
    when 7 then
      execute format('create table %s (extra int default %s, "user" text not null default ''mine'' collate "C") inherits (%s)',
        n, i, plain);
      execute format('alter table %s add constraint "own" check (extra > 0) no inherit not valid', n);
    when 8 then
      execute format('create unlogged table %s (a "select".several, s "select".span, m "select"."many spans",
        e "select"."enum"[] default array[''a'', ''b''''c'']::"select"."enum"[], j jsonb default ''{"a": ";"}'')
        with (autovacuum_enabled = false, toast.autovacuum_enabled = false)', n);
      execute format('alter table %s replica identity full', n);
      execute format('create view %I.%I with (security_barrier) as select e[1] as "first", (unnest(a)).x as x from %s',
        s, 'unnested ' || i, n);
    when 9 then
      execute format('create foreign table %s (id int options ("column" ''it''''s''), "user" text not null)
        server "over there" options ("table" %L)', n, t);
      execute format('alter foreign table %s add check (id > 0)', n);
    else
      plain := n;
      execute format('create table %s (id bigint generated %s as identity (start %s) primary key,
        "user" text collate "C" not null default %L, "group" "select"."enum"[] default ''{a}'', pair "select".positive,
        amount numeric(12,2) constraint "amount ""ok" check (amount >= 0), doubled numeric generated always as (amount * 2) stored,
        next bigint, during tsrange, room int4range, number smallint default nextval(''"select"."from"''),
        constraint %I exclude using gist (during with &&, room with =) where (id > 5),
        unique (id, "user") deferrable)', n, case when i % 2 = 0 then 'always' else 'by default' end, i + 1, 'u''' || i,
        'not twice ' || i);
      execute format('alter table %s alter "user" set storage external, alter "user" set statistics 300', n);
      execute format('create index %I on %s (lower("user") desc nulls last, ("group"[1])) where amount > %s', 'i ' || i, n, i);
      execute format('create statistics %I.%I (dependencies, mcv) on "user", amount from %s', s, 'st ' || i, n);
      execute format('create trigger %I before update of "user" on %s for each row when (old."user" <> new."user")
        execute function "Größe".stamp()', 'tr ' || i, n);
      execute format('alter table %s enable row level security', n);
      execute format('create policy "own rows" on %s as %s for select to pg_monitor, public using ("user" = current_user)', n,
        case when i % 2 = 0 then 'permissive' else 'restrictive' end);
      execute format('grant select on %s to pg_monitor with grant option', n);
      execute format('grant update ("user", amount), references (id) on %s to pg_signal_backend', n);
      execute format('comment on column %s."user" is %L', n, 'of ''' || i || ''' \');
      execute format('comment on constraint %I on %s is ''once''', 'not twice ' || i, n);
      execute format('alter publication few add table only %s', n);
      execute format('insert into %s ("user", amount) select ''u'' || g, g from generate_series(1, 3) g', n);
      -- A view that calls a function that reads the view, in its body as text or parsed.
      execute format('create view %I.%I as select id, "user", 0::bigint as before from %s', s, 'View ' || i, n);
      if i % 5 = 0 then
        execute format('create function %I.%I(n bigint) returns bigint language sql stable begin atomic
          select max(v.id) from %I.%I v where v.id < n; end', s, 'f ' || i, s, 'View ' || i);
        execute format('create or replace view %I.%I as select id, "user", %I.%I(id) as before from %s', s, 'View ' || i, s,
          'f ' || i, n);
      elsif i % 5 = 1 then
        execute format('create function %I.%I(v %I.%I) returns setof %I.%I language plpgsql as ''begin return next v; end''', s,
          'rows of ' || i, s, 'View ' || i, s, 'View ' || i);
        execute format('create view %I.%I as select id, "user", amount, count(*) as "how many" from %s group by id', s,
          'grouped ' || i, n);
        execute format('create materialized view %I.%I as select g.id, v."user", g."how many" from %I.%I g join %I.%I v using (id)',
          s, 'kept ' || i, s, 'grouped ' || i, s, 'View ' || i);
        execute format('create unique index on %I.%I (id)', s, 'kept ' || i);
        execute format('create materialized view %I.%I as select count(*) from %I.%I', s, 'kept of kept ' || i, s, 'kept ' || i);
        execute format('create rule "no ""deletes" as on delete to %s do instead nothing', n);
      else
        execute format('create function %I.%I(%I %s default 1, variadic "more" text[] default ''{}'') returns table ("a b" text)
          language sql as %L', s, 'of key ' || i, 'the key', 'bigint', format('select "user" from %s where id = $1', n));
        execute format('create policy "by function" on %s for all using (exists (select from %I.%I(id)))', n, s, 'of key ' || i);
      end if;
    end case;
  end loop;
  -- Foreign keys in a ring over all plain tables, every other one deferrable or not valid.
  for n, t, number in
    select name, coalesce(lead(name) over (order by oid), first_value(name) over (order by oid)), row_number() over (order by oid)
    from (select c.oid, format('%I.%I', nspname, relname) as name
      from pg_class c join pg_namespace s on s.oid = relnamespace join pg_attribute on attrelid = c.oid
      where nspname = any (schemas) and relkind = 'r' and attname = 'next' and attislocal) tables
  loop
    execute format('alter table %s add constraint "to the ""next" foreign key (next) references %s %s', n, t,
      case number % 3 when 0 then 'on delete cascade deferrable' when 1 then 'not valid' else 'on update set null' end);
  end loop;
  -- Views of views, the oldest of which reads the newest.
  execute 'create view "Größe"."chain 0" as select 1 as a';
  for i in 1..30 loop
    execute format('create view "Größe".%I as select %s as a', 'chain ' || i, i);
  end loop;
  for i in 0..29 loop
    execute format('create or replace view "Größe".%I as select a + 1 as a from "Größe".%I', 'chain ' || i, 'chain ' || i + 1);
  end loop;
end $make$;
alter default privileges in schema "日本 語.x" grant select, update on tables to pg_monitor with grant option;
alter default privileges revoke execute on functions from public;
grant usage on schema "Größe", "select" to pg_monitor;
comment on schema "日本 語.x" is e'two\nlines';
comment on domain "select".positive is 'more than "nothing"';
