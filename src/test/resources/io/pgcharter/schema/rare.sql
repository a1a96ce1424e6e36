-- What few people make, before rare-later.sql. PostgreSQL 14 and newer.
create type pair as (a int, b text);
create function less(pair, pair) returns boolean language sql immutable as 'select $1.a < $2.a';
create function compare(pair, pair) returns int language sql immutable as 'select $1.a - $2.a';
create operator <<< (leftarg = pair, rightarg = pair, function = less);
create operator family pairs using btree;
create domain plus as int constraint small check (value < 5);
create table parted (a int, b int) partition by list (a);
create table parted_1 partition of parted for values in (1);
create index lonely on only parted (b);
create table base (a int);
create table heir () inherits (base);
create table numbered (id int generated always as identity, note text);
create view asked as select id, note from numbered;
create view asking as select id, note from asked;
create procedure odd(a int) language plpgsql as 'begin null; end';
create table elsewhere (a int);
create conversion latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
