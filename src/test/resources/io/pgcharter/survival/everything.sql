-- Everything that a logical backup must carry over, in one small database.
-- Load as a superuser into an empty UTF8 database of PostgreSQL 14 or newer, with psql (it uses \if):
--   psql -X -v ON_ERROR_STOP=1 -d DATABASE -f everything.sql
SET client_encoding = 'UTF8';
SET client_min_messages = error;
SET standard_conforming_strings = on;
SET DateStyle = 'ISO, MDY';
SET IntervalStyle = 'postgres';
SET TimeZone = 'UTC';
SET search_path = public;

SELECT current_setting('server_version_num')::int >= 150000 AS v15,
       current_setting('server_version_num')::int >= 170000 AS v17,
       current_setting('server_version_num')::int >= 180000 AS v18,
       EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i') AS has_icu,
       EXISTS (SELECT FROM pg_available_extensions WHERE name = 'file_fdw') AS has_file_fdw,
       EXISTS (SELECT FROM pg_available_extensions WHERE name = 'uuid-ossp') AS has_uuid_ossp
\gset
DO $$
BEGIN
    PERFORM '<a/>'::xml;
    PERFORM set_config('survival.xml', 'true', false);
EXCEPTION WHEN feature_not_supported THEN
    PERFORM set_config('survival.xml', 'false', false);
END $$;
SELECT current_setting('survival.xml') AS has_xml \gset

-- == roles, schemas, extensions ======================================================================================
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['survival_owner', 'survival_reader', 'Odd "Role" it''s $1'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I', role_name);
        END IF;
    END LOOP;
END $$;
GRANT survival_reader TO survival_owner;
ALTER ROLE survival_reader CONNECTION LIMIT 7;

CREATE SCHEMA types AUTHORIZATION survival_owner;
CREATE SCHEMA tables;
CREATE SCHEMA code;
CREATE SCHEMA views;
CREATE SCHEMA extensions;
CREATE SCHEMA "Weird ""Schema"".with $dollar$ 100%";
CREATE SCHEMA empty_schema;
COMMENT ON SCHEMA tables IS E'back\\slash, ''quote'', tab\t, line\nfeed, emoji 🐘';

CREATE EXTENSION citext SCHEMA extensions;
CREATE EXTENSION hstore SCHEMA extensions;
CREATE EXTENSION pgcrypto;
CREATE EXTENSION pg_trgm SCHEMA extensions;
COMMENT ON EXTENSION pgcrypto IS 'our own words';
\if :has_uuid_ossp
CREATE EXTENSION "uuid-ossp" SCHEMA extensions;
\endif

-- == built-in types ==================================================================================================
CREATE TABLE types.numbers (
    id int PRIMARY KEY, i2 smallint, i4 int, i8 bigint, n numeric, n_scaled numeric(10, 3), f4 real, f8 double precision, m money
);
INSERT INTO types.numbers VALUES
    (1, -32768, -2147483648, -9223372036854775808, 'NaN', 'NaN', 'NaN', 'NaN', '-92233720368547758.08'),
    (2, 32767, 2147483647, 9223372036854775807, 'Infinity', -9999999.999, 'Infinity', 'Infinity', '92233720368547758.07'),
    (3, 0, 0, 0, '-Infinity', 0.001, '-Infinity', '-Infinity', '0'),
    (4, 1, 1, 1, 0.1, 1, '1e-45', '4.9e-324', '0.01'),
    (5, 2, 2, 2, '1.000', 2, '-0', '-0', '-0.01'),
    (6, 3, 3, 3, '-0.00000000000000000000000000000000000000000000000001', 3, '3.4028235e38', '1.7976931348623157e308', NULL),
    (7, 4, 4, 4, '123456789012345678901234567890.123456789012345678901234567890', 4, '1.17549435e-38', '2.2250738585072014e-308', NULL),
    (8, 5, 5, 5, 1e131071, 5, 0.1, 0.1, NULL),
    (9, 6, 6, 6, 1e-16383, 6, 16777217, 9007199254740993, NULL),
    (10, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (11, 7, 7, 7, 7, 7, 0.3333333333333333, 0.3333333333333333333, NULL);

CREATE TABLE types.times (
    id int PRIMARY KEY, d date, t time, t3 time(3), tz timetz, ts timestamp, tstz timestamptz, ts0 timestamp(0), i interval, i_day interval day to second(2)
);
INSERT INTO types.times VALUES
    (1, '4714-11-24 BC', '00:00', '00:00', '00:00+15:59', '4714-11-24 00:00:00 BC', '4714-11-24 00:00:00+00 BC', '0001-12-31 23:59:59 BC', '-178000000 years', '1 day'),
    (2, '5874897-12-31', '24:00', '23:59:59.999', '24:00-15:59', '294276-12-31 23:59:59.999999', '294276-12-31 23:59:59.999999+00', '2000-01-01', '178000000 years', '-1 day 00:00:01.23'),
    (3, 'infinity', '23:59:59.999999', '12:00', '12:34:56.789+05:45', 'infinity', 'infinity', 'infinity', '1 mon -1 day +00:00:00.000001', NULL),
    (4, '-infinity', '12:00', '12:00', '12:00', '-infinity', '-infinity', '-infinity', '-1 year 2 mons -3 days 04:05:06.789', NULL),
    (5, '0001-01-01', '00:00:00.000001', NULL, NULL, '1883-11-18 12:00:00', '1883-11-18 12:00:00-04:56:02', NULL, '0', NULL),
    (6, '2024-02-29', NULL, NULL, NULL, '2024-03-31 02:30:00', '2024-03-31 02:30:00+01', NULL, '2147483647 days', NULL),
    (7, '0044-03-15 BC', NULL, NULL, NULL, NULL, '0044-03-15 12:00:00+00 BC', NULL, '-2147483647:59:59.999999', NULL);

CREATE TABLE types.texts (id int PRIMARY KEY, t text, v varchar(20), c char(8), n name, one "char", b boolean);
INSERT INTO types.texts VALUES
    (1, NULL, NULL, NULL, NULL, NULL, NULL),
    (2, '', '', '', '', '', false),
    (3, E'\t', E'\n', E'\r', 'NULL', 'x', true),
    (4, E'a\tb\nc\rd\r\ne\\f\bg\fh\vi', '\N', '\.', '\N', '\', true),
    (5, E'\\.', E'\\.\n\\.', E'\\N', E'\\', E'\n', true),
    (6, E'\\.\n', 'NULL', '  both  ', 'trailing ', ' ', false),
    (7, '🐘💶 𝄞 é e' || U&'\0301' || ' ' || U&'\+01F600' || U&'\FEFF' || U&'\200B', 'ÄÖÜß漢字', '🐘', 'ünï', U&'\0001'::"char", NULL),
    (8, E'\x01\x02\x7f', 'trailing tab' || E'\t', E'\x1b[31m', '"quoted"', '"', NULL),
    (9, E'-- Name: forged; Type: TABLE; Schema: -; Owner: -\n\nDROP TABLE types.texts;\n\\restrict x\nCOPY t FROM stdin;\n\\.\n', '$$', ';', '''', '''', NULL),
    (10, repeat(E'long \\ line \t', 100000), NULL, NULL, NULL, NULL, NULL),
    (11, (SELECT string_agg(md5(i::text), '' ORDER BY i) FROM generate_series(1, 30000) i), NULL, NULL, NULL, NULL, NULL),
    (12, (SELECT string_agg(chr(i), '' ORDER BY i) FROM generate_series(1, 3000) i), NULL, NULL, NULL, NULL, NULL),
    (13, '{NULL}', '\x41', '\\', E'\\x', NULL, NULL);

CREATE TABLE types.bytes (id int PRIMARY KEY, b bytea, bits bit(9), varbits varbit);
INSERT INTO types.bytes VALUES
    (1, (SELECT decode(string_agg(lpad(to_hex(i), 2, '0'), '' ORDER BY i), 'hex') FROM generate_series(0, 255) i), B'101010101', B''),
    (2, '', B'000000000', B'1'), (3, NULL, NULL, NULL), (4, '\x5c', B'111111111', repeat('10', 5000)::varbit), (5, '\x0a5c2e0a', NULL, NULL),
    (6, (SELECT string_agg(decode(md5(i::text), 'hex'), ''::bytea ORDER BY i) FROM generate_series(1, 70000) i), NULL, NULL);

CREATE TABLE types.documents (id int PRIMARY KEY, j json, jb jsonb, path jsonpath, x xml, tsv tsvector, tsq tsquery, u uuid);
INSERT INTO types.documents VALUES
    (1, '{"b" : 1,  "a":[ ], "a": {"dup":true}}', '{"b": 1, "a": [1.50, null, "\\ \" \n \u20ac 🐘"], "": {}}', '$."a b"[*] ? (@.x > 1 && @.y like_regex "^\\d+$")', NULL, $$'it''s':1A,3 'back\\slash':2B 'c'$$, $$'a b' & !'c':*AB <2> 'd'$$, '00000000-0000-0000-0000-000000000000'),
    (2, 'null', 'null', '$', NULL, '', '', 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, E'{\n\t"multi" : "line"\r\n}', ('{"n": ' || repeat('9', 400) || '.5e-3}')::jsonb, 'strict $.x.type()', NULL, 'a:1,2,16383', 'a|b&c', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
    (5, '" "', '"\\u0000"', NULL, NULL, NULL, NULL, NULL);
\if :has_xml
UPDATE types.documents SET x = xmlparse(document E'<?xml version="1.0"?><a b="&lt;"><!-- c -->\n<![CDATA[ ]]>é</a>') WHERE id = 1;
UPDATE types.documents SET x = xmlparse(content 'text <b/> and more') WHERE id = 2;
\endif

CREATE TABLE types.networks (id int PRIMARY KEY, i inet, c cidr, m macaddr, m8 macaddr8);
INSERT INTO types.networks VALUES
    (1, '192.168.0.1/24', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05'),
    (2, '::1', '2001:db8::/32', 'ff:ff:ff:ff:ff:ff', '08:00:2b:ff:fe:01:02:03'), (3, '::ffff:1.2.3.4/96', '0.0.0.0/0', NULL, NULL),
    (4, NULL, NULL, NULL, NULL);

CREATE TABLE types.shapes (id int PRIMARY KEY, p point, l line, s lseg, b box, pa path, po polygon, c circle);
INSERT INTO types.shapes VALUES
    (1, '(1e-300,-0)', '{1,-1,0}', '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1),(2,0)]', '((0,0),(1,1),(2,0))', '<(0,0),1>'),
    (2, '(NaN,Infinity)', '{0,1,-5}', '[(-1,-1),(-1,-1)]', '(-1,-2),(-3,-4)', '((0,0),(1,1),(2,0.1))', '((0.1,0.2))', '<(1,2),0>'),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE types.internals (
    id int PRIMARY KEY, lsn pg_lsn, o oid, cls regclass, proc regprocedure, typ regtype, op regoperator, nsp regnamespace, rol regrole,
    cfg regconfig, dic regdictionary, x xid, x8 xid8, ct cid, t tid, snap pg_snapshot, txsnap txid_snapshot, acl aclitem, cur refcursor, i2v int2vector, ov oidvector
);
INSERT INTO types.internals VALUES
    (1, 'FFFFFFFF/FFFFFFFF', 4294967295, 'types.numbers', 'pg_catalog.length(text)', 'numeric[]', 'pg_catalog.+(int,int)', 'types', 'survival_owner',
     'pg_catalog.english', 'pg_catalog.simple', '4294967295', '18446744073709551615', '1', '(4294967295,65535)', '10:20:10,14,15', '10:20:10,14,15',
     'survival_owner=r*w/survival_owner', 'cursor "x"', '1 2 3', '1 2 4294967295'),
    (2, '0/0', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '0', '0', '0', '(0,0)', '1:1:', '1:1:', NULL, '', '', ''),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- == made-up types ===================================================================================================
CREATE TYPE types.mood AS ENUM ('sad', 'happy', 'it''s "complicated"', '', 'with, comma', 'Ünïcode 🐘', E'back\\slash');
ALTER TYPE types.mood ADD VALUE 'between' BEFORE 'happy';
CREATE TYPE types.empty_enum AS ENUM ();
CREATE TYPE types.inner_pair AS (a int, "b ""quoted""" text);
CREATE TYPE types.outer_pair AS (label text, pair types.inner_pair, pairs types.inner_pair[], mood types.mood);
ALTER TYPE types.outer_pair ADD ATTRIBUTE gone int;
ALTER TYPE types.outer_pair DROP ATTRIBUTE gone;
COMMENT ON COLUMN types.outer_pair.label IS 'a composite''s column';
CREATE TYPE types.no_columns AS ();
CREATE FUNCTION types.is_even(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1 % 2 = 0; END $$;
CREATE DOMAIN types.even AS int DEFAULT 2 CONSTRAINT "must be even" CHECK (types.is_even(VALUE));
CREATE DOMAIN types.positive_even AS types.even NOT NULL CHECK (VALUE > 0);
CREATE DOMAIN types.code AS text COLLATE "C" CHECK (VALUE ~ '^[A-Z''\\]+$');
CREATE DOMAIN types.evens AS types.even[] CHECK (array_length(VALUE, 1) < 5);
CREATE DOMAIN types.checked_pair AS types.inner_pair CHECK ((VALUE).a > 0);
CREATE DOMAIN types.late_check AS int;
COMMENT ON CONSTRAINT "must be even" ON DOMAIN types.even IS 'on a domain''s constraint';
CREATE FUNCTION types.text_distance(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TYPE types.float_range AS RANGE (subtype = float8, subtype_diff = types.text_distance, multirange_type_name = types.float_ranges);
CREATE TYPE types.mood_range AS RANGE (subtype = types.mood);
ALTER TYPE types.mood OWNER TO survival_owner;

CREATE TABLE types.made_up (
    id int PRIMARY KEY, mood types.mood, pair types.inner_pair, deep types.outer_pair, even types.even, code types.code, evens types.evens,
    checked types.checked_pair, late types.late_check, ci extensions.citext, hs extensions.hstore, none types.no_columns
);
INSERT INTO types.made_up VALUES
    (1, 'between', '(1,"it''s ""quoted"", (nested) \\ ")', ROW('a', ROW(NULL, ''), ARRAY[ROW(1, 'x,y'), NULL, ROW(NULL, NULL)]::types.inner_pair[], 'with, comma'), 4, 'A''B\',
     '{2,4}', '(1,x)', -1, 'MiXeD', '"k \"1\""=>"v=>,", "null"=>NULL, ""=>"", "back"=>"\\"', '()'),
    (2, '', '(,)', '(,,,)', NULL, NULL, '{}', NULL, 1, '', '', NULL),
    (3, E'back\\slash', '(,"")', NULL, DEFAULT, 'Z', NULL, NULL, 2, 'mixed', NULL, NULL),
    (4, 'Ünïcode 🐘', ROW(1, E'tab\tline\nfeed'), ROW(E'\\', NULL, '{}', 'sad'), 0, NULL, '{NULL}', NULL, 3, NULL, NULL, NULL);
ALTER DOMAIN types.late_check ADD CONSTRAINT not_for_old_rows CHECK (VALUE > 0) NOT VALID;

CREATE TABLE types.arrays (
    id int PRIMARY KEY, i int[], t text[], n numeric(5, 2)[][], b bytea[], m types.mood[], p types.inner_pair[], r int4range[], ts timestamptz[], f float8[], c char(3)[]
);
INSERT INTO types.arrays VALUES
    (1, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}'),
    (2, '[-2:0]={1,NULL,3}', ARRAY['', 'NULL', NULL, 'null', '{}', '"', '\', 'a,b', E'\t\n\r', ' lead', 'trail '], '{{1.5,2},{NULL,4}}', ARRAY['\x00ff'::bytea, '', NULL],
     ARRAY['it''s "complicated"', '', NULL]::types.mood[], ARRAY[ROW(1, 'a"b\c')]::types.inner_pair[], ARRAY['[1,5)', 'empty', NULL]::int4range[],
     ARRAY['infinity', '-infinity', '0044-03-15 BC']::timestamptz[], ARRAY['NaN', '-0', '4.9e-324', 'Infinity']::float8[], ARRAY['a', '  b', '']::char(3)[]),
    (3, '[1:2][0:1][-1:-1]={{{1},{2}},{{3},{4}}}', '{{a,b},{c,d}}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE types.ranges (
    id int PRIMARY KEY, i4 int4range, i8 int8range, n numrange, d daterange, ts tsrange, tstz tstzrange, f types.float_range, mo types.mood_range,
    mi4 int4multirange, mn nummultirange, mts tstzmultirange, mf types.float_ranges
);
INSERT INTO types.ranges VALUES
    (1, '[1,10)', '(,)', '[1.50,2.5]', '[2020-01-01,infinity)', '(,"2020-01-01 00:00:00")', '["0044-03-15 00:00:00+00 BC",infinity]', '[-Infinity,NaN)', '[sad,happy]',
     '{[1,2),[5,9)}', '{(,1],[2.5,3.5)}', '{["2020-01-01 00:00:00+00",)}', '{[1,2),[3,4]}'),
    (2, 'empty', 'empty', 'empty', 'empty', 'empty', 'empty', 'empty', 'empty', '{}', '{}', '{}', '{}'),
    (3, NULL, NULL, '(,)', '(,2020-01-01)', NULL, NULL, NULL, '(,"with, comma")', '{(,)}', NULL, NULL, NULL);

CREATE TABLE types.rest (id int PRIMARY KEY, i8 int8multirange, d datemultirange, ts tsmultirange, coll regcollation, op regoper, proc regproc);
INSERT INTO types.rest VALUES
    (1, '{[1,2),[9223372036854775806,)}', '{[2020-01-01,infinity),(,1999-01-01)}', '{["2020-01-01 00:00:00","2020-01-02 00:00:00"]}', '"C"', 'pg_catalog.|/', 'pg_catalog.now'),
    (2, '{}', '{}', '{}', NULL, NULL, NULL);

-- == tables ==========================================================================================================
CREATE TABLE tables.identities (
    a int GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 10 MAXVALUE 100000 CACHE 5 CYCLE), b bigint UNIQUE GENERATED BY DEFAULT AS IDENTITY,
    base int, "double" int GENERATED ALWAYS AS (base * 2) STORED, label text GENERATED ALWAYS AS ('=' || coalesce(base::text, E'\\')) STORED, after_generated text
);
INSERT INTO tables.identities (base, after_generated) VALUES (1, 'x'), (NULL, 'y'), (3, NULL);
INSERT INTO tables.identities (a, b, base) OVERRIDING SYSTEM VALUE VALUES (-5, 999999, 4);

CREATE TABLE tables.generated_only (g int GENERATED ALWAYS AS (40 + 2) STORED);
INSERT INTO tables.generated_only DEFAULT VALUES;
INSERT INTO tables.generated_only DEFAULT VALUES;
CREATE TABLE tables.zero_columns ();
INSERT INTO tables.zero_columns DEFAULT VALUES;
INSERT INTO tables.zero_columns SELECT;
INSERT INTO tables.zero_columns SELECT FROM generate_series(1, 5);
CREATE TABLE tables.zero_columns_zero_rows ();
CREATE TABLE tables.zero_rows (id int PRIMARY KEY, t text DEFAULT E'it''s \\ default\n$$');
CREATE TABLE tables.no_primary_key (a int, b text);
INSERT INTO tables.no_primary_key SELECT 1, 'same' FROM generate_series(1, 7);
INSERT INTO tables.no_primary_key VALUES (NULL, NULL), (NULL, NULL), (2, ''), (2, NULL);
CREATE TABLE tables.dropped_columns (gone1 int, a int, gone2 text, b text NOT NULL DEFAULT 'b', gone3 int);
INSERT INTO tables.dropped_columns VALUES (1, 2, '3', '4', 5), (6, NULL, '7', '', NULL);
ALTER TABLE tables.dropped_columns DROP COLUMN gone1, DROP COLUMN gone2, DROP COLUMN gone3, ADD COLUMN added timestamptz DEFAULT '2020-02-02 00:00:00+00';
CREATE TABLE tables.all_dropped (a int, b int);
INSERT INTO tables.all_dropped VALUES (1, 2), (3, 4);
ALTER TABLE tables.all_dropped DROP COLUMN a, DROP COLUMN b;
CREATE UNLOGGED TABLE tables.unlogged (id serial PRIMARY KEY, t text);
INSERT INTO tables.unlogged (t) VALUES ('kept'), ('too');
CREATE TABLE tables.of_type OF types.inner_pair (a WITH OPTIONS DEFAULT 9, PRIMARY KEY (a));
INSERT INTO tables.of_type VALUES (1, 'one');
CREATE TABLE tables.rows_of_others (id int, whole types.numbers, wholes tables.no_primary_key[]);
INSERT INTO tables.rows_of_others SELECT id, whole, ARRAY[ROW(1, 'x,"y')]::tables.no_primary_key[] FROM types.numbers whole WHERE id <> 8;
CREATE TABLE tables.options (
    id int, plain text, compressed text COMPRESSION pglz, "C" text COLLATE "C"
) WITH (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE tables.options ALTER plain SET STORAGE EXTERNAL; -- in CREATE TABLE only since 16
ALTER TABLE tables.options ALTER compressed SET STATISTICS 500, ALTER plain SET (n_distinct = -0.5);
INSERT INTO tables.options VALUES (1, repeat('x', 20000), repeat('y', 20000), 'z');

-- == inheritance and partitions ======================================================================================
CREATE TABLE tables.parent (id int NOT NULL DEFAULT 1, name text, CHECK (id > 0), CONSTRAINT only_parent CHECK (id < 1000) NO INHERIT);
CREATE TABLE tables.other_parent (name text, extra int DEFAULT 5);
CREATE TABLE tables.child (more text) INHERITS (tables.parent);
CREATE TABLE tables.two_parents (own int) INHERITS (tables.parent, tables.other_parent);
CREATE TABLE tables.grandchild () INHERITS (tables.child);
ALTER TABLE tables.child ALTER id SET DEFAULT 77;
CREATE TABLE tables.adopted (gone int, id int NOT NULL, name text, extra int, CHECK (id > 0));
ALTER TABLE tables.adopted DROP COLUMN gone;
ALTER TABLE tables.adopted ADD CONSTRAINT parent_id_check CHECK (id > 0), DROP CONSTRAINT adopted_id_check;
ALTER TABLE tables.adopted INHERIT tables.parent;
INSERT INTO tables.parent VALUES (1, 'parent');
INSERT INTO tables.child VALUES (2000, 'child', 'm'), (3, 'child', NULL);
INSERT INTO tables.two_parents VALUES (4, 'two', 1, 2);
INSERT INTO tables.grandchild VALUES (5, 'grand', 'g');
INSERT INTO tables.adopted VALUES (6, 'adopted', 9);

CREATE TABLE tables.by_range (id bigint, at date NOT NULL, kind text, note text) PARTITION BY RANGE (at);
CREATE TABLE tables.by_range_early PARTITION OF tables.by_range FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE tables.by_range_2020 PARTITION OF tables.by_range (CONSTRAINT nonempty CHECK (note <> '')) FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST (kind);
CREATE TABLE tables.by_range_2020_ab PARTITION OF tables.by_range_2020 FOR VALUES IN ('a', 'b', NULL);
CREATE TABLE tables."by_range_2020_it's" PARTITION OF tables.by_range_2020 FOR VALUES IN ('it''s', '\');
CREATE TABLE tables.by_range_2020_rest PARTITION OF tables.by_range_2020 DEFAULT PARTITION BY HASH (id);
CREATE TABLE tables.by_range_2020_rest_0 PARTITION OF tables.by_range_2020_rest FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE "Weird ""Schema"".with $dollar$ 100%".rest_1 PARTITION OF tables.by_range_2020_rest FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE tables.by_range_2021 (gone int, note text, kind text DEFAULT 'k', gone2 text, at date NOT NULL, id bigint NOT NULL);
ALTER TABLE tables.by_range_2021 DROP COLUMN gone, DROP COLUMN gone2;
ALTER TABLE tables.by_range ATTACH PARTITION tables.by_range_2021 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TABLE tables.by_range_default PARTITION OF tables.by_range DEFAULT;
CREATE INDEX by_range_kind ON tables.by_range (kind, lower(note));
CREATE INDEX only_here ON tables.by_range_2021 (note) WHERE kind IS NOT NULL;
INSERT INTO tables.by_range
SELECT i, date '2019-06-01' + i * 11, (ARRAY['a', 'b', NULL, 'it''s', '\', 'c', 'd'])[1 + i % 7], 'note ' || i FROM generate_series(1, 200) i;
CREATE TABLE tables.keyed (id bigint, at date, PRIMARY KEY (id, at) INCLUDE (note), note text) PARTITION BY RANGE (at);
CREATE TABLE tables.keyed_all PARTITION OF tables.keyed DEFAULT;
INSERT INTO tables.keyed SELECT id, at, note FROM tables.by_range;
CREATE TABLE tables.to_partition (id int PRIMARY KEY, by_id bigint, by_at date, FOREIGN KEY (by_id, by_at) REFERENCES tables.keyed);
INSERT INTO tables.to_partition SELECT id, id, at FROM tables.by_range WHERE id % 10 = 0;
CREATE TABLE tables.by_expression (a int, b text) PARTITION BY RANGE ((a % 10), b COLLATE "C");
CREATE TABLE tables.by_expression_1 PARTITION OF tables.by_expression FOR VALUES FROM (0, MINVALUE) TO (5, 'm');
CREATE TABLE tables.by_expression_2 PARTITION OF tables.by_expression FOR VALUES FROM (5, 'm') TO (MAXVALUE, MAXVALUE);
INSERT INTO tables.by_expression VALUES (1, 'x'), (5, 'a'), (17, 'z'), (9, 'q');
CREATE TABLE tables.no_partitions (a int) PARTITION BY LIST (a);

-- == keys, constraints, indexes ======================================================================================
CREATE TABLE tables.cycle_a (id int PRIMARY KEY, b_id int NOT NULL);
CREATE TABLE tables.cycle_b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES tables.cycle_a ON UPDATE CASCADE ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE tables.cycle_a ADD FOREIGN KEY (b_id) REFERENCES tables.cycle_b MATCH FULL DEFERRABLE INITIALLY DEFERRED;
BEGIN;
INSERT INTO tables.cycle_a VALUES (1, 1), (2, 2);
INSERT INTO tables.cycle_b VALUES (1, 2), (2, 1);
COMMIT;
CREATE TABLE tables.selfish (id int PRIMARY KEY, boss int REFERENCES tables.selfish ON DELETE CASCADE, u int UNIQUE DEFERRABLE INITIALLY DEFERRED);
INSERT INTO tables.selfish VALUES (1, 3, 1), (2, 1, 2), (3, 2, 3), (4, 4, NULL);
CREATE TABLE tables.constrained (
    id int CONSTRAINT "pk ""quoted""" PRIMARY KEY, during tsrange, a int, b text, c jsonb, d text,
    CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&) WHERE (a > 0) DEFERRABLE,
    CONSTRAINT "it's a check; -- really" CHECK (b <> 'bad;' OR a IS NULL), CONSTRAINT covering UNIQUE (a, b) INCLUDE (d)
);
INSERT INTO tables.constrained SELECT i, tsrange(timestamp '2020-01-01' + i * interval '1 day', timestamp '2020-01-02' + i * interval '1 day'), i, 'b' || i, jsonb_build_object('k', i), NULL FROM generate_series(1, 50) i;
ALTER TABLE tables.constrained ADD CONSTRAINT violated_by_old_rows CHECK (a > 25) NOT VALID;
CREATE TABLE tables.orphans (parent_id int);
INSERT INTO tables.orphans VALUES (1), (-1);
ALTER TABLE tables.orphans ADD CONSTRAINT violated_reference FOREIGN KEY (parent_id) REFERENCES tables.constrained NOT VALID;
COMMENT ON CONSTRAINT "it's a check; -- really" ON tables.constrained IS 'checked; -- really';
CREATE FUNCTION code.shout(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT upper($1) || '!' $$;
CREATE INDEX partial_expression ON tables.constrained (code.shout(b) COLLATE "C" text_pattern_ops DESC NULLS LAST, (a + 1)) INCLUDE (c) WHERE a > 10 AND b IS DISTINCT FROM 'it''s';
ALTER INDEX tables.partial_expression ALTER COLUMN 2 SET STATISTICS 300;
CREATE INDEX "gin Trigram" ON tables.constrained USING gin (b extensions.gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX gin_path ON tables.constrained USING gin (c jsonb_path_ops);
CREATE INDEX hashed ON tables.constrained USING hash (b);
CREATE INDEX brined ON tables.constrained USING brin (a int4_minmax_multi_ops) WITH (pages_per_range = 2);
CREATE INDEX spgisted ON tables.constrained USING spgist (b);
CREATE UNIQUE INDEX for_identity ON tables.constrained (id) WITH (fillfactor = 50);
COMMENT ON INDEX tables.hashed IS 'an index''s comment';
CLUSTER tables.constrained USING for_identity;
CREATE STATISTICS tables.correlated (ndistinct, dependencies, mcv) ON a, b FROM tables.constrained;
CREATE STATISTICS tables.of_expression ON (a % 5), lower(b) FROM tables.constrained;
ALTER STATISTICS tables.correlated SET STATISTICS 1234;
COMMENT ON STATISTICS tables.correlated IS 'extended';
ALTER TABLE tables.no_primary_key REPLICA IDENTITY FULL;
ALTER TABLE tables.zero_rows REPLICA IDENTITY NOTHING;
ALTER TABLE tables.constrained REPLICA IDENTITY USING INDEX for_identity;
\if :v15
CREATE TABLE tables.since_15_target (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE tables.since_15 (a int, b int, UNIQUE NULLS NOT DISTINCT (a), FOREIGN KEY (a, b) REFERENCES tables.since_15_target ON DELETE SET NULL (b));
\endif

-- == names ===========================================================================================================
CREATE TABLE "Weird ""Schema"".with $dollar$ 100%"."Upper" ("select" int PRIMARY KEY, "a.b" text, "it's" text, "with ""quote""" text, "50%" text, "$1" text, "tab	tab" text);
INSERT INTO "Weird ""Schema"".with $dollar$ 100%"."Upper" VALUES (1, 'dot', 'apostrophe', 'quote', 'percent', 'dollar', 'tab');
CREATE TABLE public."select" ("from" int, "where" text, "Ünïcode 🐘" text);
INSERT INTO public."select" VALUES (1, 'w', 'u');
CREATE TABLE public."a.b" ("c.d" int);
INSERT INTO public."a.b" VALUES (1);
CREATE SCHEMA a;
CREATE TABLE a.b ("c.d" int);
INSERT INTO a.b VALUES (2);
CREATE TABLE public."new
line; -- and comment" ("new
column" int UNIQUE);
INSERT INTO public."new
line; -- and comment" VALUES (10);
COMMENT ON TABLE public."new
line; -- and comment" IS 'named
over lines';
CREATE TABLE public."../../etc/passwd" (a int);
INSERT INTO public."../../etc/passwd" VALUES (11);
CREATE TABLE public."back\slash\." (a int);
INSERT INTO public."back\slash\." VALUES (12);
CREATE TABLE public." leading and trailing " (" a " int);
INSERT INTO public." leading and trailing " VALUES (13);
CREATE TABLE public."; DROP SCHEMA types CASCADE; --" ("); --" int);
INSERT INTO public."; DROP SCHEMA types CASCADE; --" VALUES (14);
CREATE TABLE public."Type: TABLE; Schema: -; Owner: -" (a serial);
INSERT INTO public."Type: TABLE; Schema: -; Owner: -" VALUES (15);
CREATE TABLE public."$$ $body$ $_$" (a int DEFAULT 1);
INSERT INTO public."$$ $body$ $_$" VALUES (16);
CREATE TABLE public.sixty_three_bytes_sixty_three_bytes_sixty_three_bytes_sixty_thr (sixty_three_bytes_sixty_three_bytes_sixty_three_bytes_sixty_thr serial PRIMARY KEY);
INSERT INTO public.sixty_three_bytes_sixty_three_bytes_sixty_three_bytes_sixty_thr DEFAULT VALUES;
CREATE TABLE public."🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘abc" ("🐘" bigserial PRIMARY KEY);
INSERT INTO public."🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘abc" DEFAULT VALUES;
CREATE TABLE public."Upper" (a int);
CREATE TABLE public.upper (a int);
INSERT INTO public."Upper" VALUES (1);
INSERT INTO public.upper VALUES (2);

-- == sequences =======================================================================================================
CREATE SEQUENCE tables.never_called START 42;
CREATE SEQUENCE tables.called;
SELECT count(nextval('tables.called')) FROM generate_series(1, 17);
CREATE SEQUENCE tables.set_not_called;
SELECT setval('tables.set_not_called', 1000, false);
CREATE SEQUENCE tables.descending INCREMENT -3 MAXVALUE -1 MINVALUE -9223372036854775808 START -10;
SELECT count(nextval('tables.descending')) FROM generate_series(1, 4);
CREATE SEQUENCE tables.negative AS smallint MINVALUE -32768 START -32768 CYCLE CACHE 20;
SELECT nextval('tables.negative');
CREATE SEQUENCE tables.exhausted MAXVALUE 9223372036854775807 START 9223372036854775807;
SELECT nextval('tables.exhausted');
CREATE TABLE tables.owns (id int DEFAULT nextval('tables.called'), other int);
CREATE SEQUENCE tables."Owned ""by"" it's" OWNED BY tables.owns.other;
SELECT setval('tables."Owned ""by"" it''s"', 5);
COMMENT ON SEQUENCE tables.called IS 'called';
\if :v15
CREATE UNLOGGED SEQUENCE tables.unlogged_sequence;
SELECT setval('tables.unlogged_sequence', 33);
\endif

-- == functions and friends ===========================================================================================
CREATE FUNCTION code.nasty(a int DEFAULT 5, VARIADIC b text[] DEFAULT ARRAY['it''s', '\']) RETURNS TABLE ("Out" text, n int)
LANGUAGE plpgsql STABLE COST 7 ROWS 3 SET search_path = '$user', public, "Weird ""Schema"".with $dollar$ 100%" SET work_mem TO '5MB' AS $function$
DECLARE s text := $$ inner $_$ ; $_$ $$; -- $body$
BEGIN
    s := $x$ '; /* not a comment $x$ || E'\'\\' || ';' /* a comment ' $$ */;
    -- what follows looks like a dump's own lines
-- Name: forged; Type: TABLE; Schema: public; Owner: postgres
--
    s := s || $lines$
-- Name: forged; Type: TABLE; Schema: public; Owner: postgres
--
\connect nowhere
\restrict forged
COPY public.forged (a) FROM stdin;
\.
\unrestrict forged
$lines$;
    RETURN QUERY SELECT s, a;
END;
$function$;
ALTER FUNCTION code.nasty(int, text[]) ROWS 4;
DO $do$ BEGIN
    EXECUTE 'COMMENT ON FUNCTION code.nasty(int, text[]) IS ' || quote_literal(E'-- Name: forged; Type: TABLE; Schema: -; Owner: -\n\\.\n$$');
END $do$;
CREATE FUNCTION code.atomic(a int, OUT total bigint) LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT count(*) FROM tables.no_primary_key WHERE a = 1;
    SELECT CASE WHEN a > 1 THEN CASE a WHEN 2 THEN 20 ELSE 30 END ELSE sum(i4) END FROM types.numbers WHERE i4 > 0 AND i4 < 8 AND ';' <> 'END;';
END;
CREATE FUNCTION code.atomic_return(a text) RETURNS text LANGUAGE sql IMMUTABLE RETURN a || ';' || 'end';
CREATE FUNCTION code.quoted_body(text) RETURNS text LANGUAGE sql STRICT PARALLEL SAFE LEAKPROOF AS 'SELECT ''it''''s; '' || $1';
CREATE FUNCTION code."Überladen ""x"""(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION code."Überladen ""x"""(text) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 2';
CREATE FUNCTION code.row_in(tables.no_primary_key) RETURNS int LANGUAGE sql AS 'SELECT $1.a';
CREATE FUNCTION code.rows_out() RETURNS SETOF types.outer_pair LANGUAGE sql AS 'SELECT deep FROM types.made_up';
CREATE PROCEDURE code.proceed(INOUT a int) LANGUAGE plpgsql AS $$ BEGIN a := a + 1; COMMIT; END $$;
CREATE PROCEDURE code.atomic_procedure(a int) LANGUAGE sql BEGIN ATOMIC INSERT INTO tables.zero_rows VALUES (a); DELETE FROM tables.zero_rows WHERE id = a; END;
CREATE FUNCTION code.add_distinct(text[], text) RETURNS text[] LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $2 = ANY ($1) THEN $1 ELSE $1 || $2 END';
CREATE AGGREGATE code.distinct_texts(text) (SFUNC = code.add_distinct, STYPE = text[], INITCOND = '{"it''s"}');
CREATE AGGREGATE code.middle(float8 ORDER BY float8) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE FUNCTION code.pair_less(types.inner_pair, types.inner_pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a < ($2).a';
CREATE FUNCTION code.pair_more(types.inner_pair, types.inner_pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a > ($2).a';
CREATE OPERATOR code.<~ (LEFTARG = types.inner_pair, RIGHTARG = types.inner_pair, FUNCTION = code.pair_less, COMMUTATOR = OPERATOR(code.>~), RESTRICT = scalarltsel);
CREATE OPERATOR code.>~ (LEFTARG = types.inner_pair, RIGHTARG = types.inner_pair, FUNCTION = code.pair_more, COMMUTATOR = OPERATOR(code.<~));
COMMENT ON OPERATOR code.<~ (types.inner_pair, types.inner_pair) IS 'less by a';
CREATE FUNCTION code.int_backwards(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp($2, $1)';
CREATE OPERATOR FAMILY code.backwards_family USING btree;
CREATE OPERATOR CLASS code.int_backwards_ops FOR TYPE int USING btree FAMILY code.backwards_family AS
    OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 code.int_backwards(int, int);
CREATE INDEX backwards ON tables.constrained (a code.int_backwards_ops);
CREATE FUNCTION code.pair_to_text(types.inner_pair) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a::text';
CREATE CAST (types.inner_pair AS text) WITH FUNCTION code.pair_to_text(types.inner_pair) AS ASSIGNMENT;
CREATE CAST (types.mood AS varchar) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (types.inner_pair AS text) IS 'a cast';
CREATE CONVERSION code.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE COLLATION code.plain FROM "C";
\if :has_icu
CREATE COLLATION code.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE tables.collated (t text COLLATE code.any_case PRIMARY KEY);
INSERT INTO tables.collated VALUES ('a'), ('B'), ('ä');
\endif
CREATE TEXT SEARCH DICTIONARY code.own_words (TEMPLATE = simple, stopwords = 'english', accept = false);
CREATE TEXT SEARCH CONFIGURATION code.own_search (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION code.own_search ALTER MAPPING FOR asciiword, word WITH code.own_words, pg_catalog.english_stem;
ALTER TEXT SEARCH CONFIGURATION code.own_search DROP MAPPING FOR url;
COMMENT ON TEXT SEARCH CONFIGURATION code.own_search IS 'searching';

-- == triggers, rules, row-level security =============================================================================
CREATE TABLE tables.triggered (id int PRIMARY KEY, t text, log text);
INSERT INTO tables.triggered VALUES (1, 'must stay as it is', NULL), (2, 'too', NULL);
CREATE FUNCTION code.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no rows may come in: % %', TG_NAME, TG_ARGV; END $$;
CREATE FUNCTION code.spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.log := 'spoiled'; RETURN NEW; END $$;
CREATE FUNCTION code.pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER refusing BEFORE INSERT ON tables.triggered FOR EACH ROW EXECUTE FUNCTION code.refuse('it''s', '\', '');
CREATE TRIGGER "Spoiling ""always""" BEFORE INSERT OR UPDATE OF t, log ON tables.triggered FOR EACH ROW WHEN (NEW.t <> 'x;') EXECUTE FUNCTION code.spoil();
CREATE TRIGGER disabled BEFORE INSERT ON tables.triggered FOR EACH STATEMENT EXECUTE FUNCTION code.refuse();
CREATE TRIGGER on_replica BEFORE DELETE ON tables.triggered FOR EACH ROW EXECUTE FUNCTION code.refuse();
CREATE TRIGGER transition AFTER INSERT ON tables.triggered REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION code.refuse();
CREATE TRIGGER truncating BEFORE TRUNCATE ON tables.triggered EXECUTE FUNCTION code.refuse();
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON tables.triggered FROM tables.selfish DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION code.refuse();
ALTER TABLE tables.triggered DISABLE TRIGGER disabled, ENABLE ALWAYS TRIGGER "Spoiling ""always""", ENABLE REPLICA TRIGGER on_replica;
COMMENT ON TRIGGER refusing ON tables.triggered IS 'a trigger''s';
CREATE TRIGGER on_partitions AFTER INSERT ON tables.by_range FOR EACH ROW EXECUTE FUNCTION code.refuse();
ALTER TABLE tables.by_range_2021 DISABLE TRIGGER on_partitions;
CREATE RULE "no; insert" AS ON INSERT TO tables.triggered WHERE NEW.id < 0 DO INSTEAD (SELECT 1; SELECT 2);
CREATE RULE log_updates AS ON UPDATE TO tables.triggered DO ALSO INSERT INTO tables.zero_rows (id) VALUES (NEW.id);
ALTER TABLE tables.triggered DISABLE RULE log_updates;
COMMENT ON RULE log_updates ON tables.triggered IS 'a rule''s';

CREATE TABLE tables.secured (id int, owner name, t text);
INSERT INTO tables.secured VALUES (1, 'survival_owner', 'a'), (2, 'nobody', 'b');
ALTER TABLE tables.secured OWNER TO survival_owner;
ALTER TABLE tables.secured ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own; rows" ON tables.secured TO survival_reader, "Odd ""Role"" it's $1" USING (owner = current_user) WITH CHECK (t <> ';');
CREATE POLICY narrowing ON tables.secured AS RESTRICTIVE FOR UPDATE USING (EXISTS (SELECT FROM tables.selfish s WHERE s.id = secured.id));
COMMENT ON POLICY narrowing ON tables.secured IS 'a policy''s';
CREATE TABLE tables.policies_only (id int); -- a policy, but not enabled
CREATE POLICY idle ON tables.policies_only USING (false);
INSERT INTO tables.policies_only VALUES (1);

-- == views ===========================================================================================================
CREATE VIEW views.z_first AS SELECT id, i4 AS "Number" FROM types.numbers WHERE i4 IS NOT NULL;
CREATE VIEW views.a_second WITH (security_barrier) AS SELECT z."Number" + 1 AS more FROM views.z_first z;
CREATE VIEW views.needs_primary_key AS SELECT n.id, n.i4, count(*) AS c FROM types.numbers n JOIN types.texts t ON t.id = n.id GROUP BY n.id;
CREATE RECURSIVE VIEW views.counting (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counting WHERE n < 10;
CREATE VIEW views.updatable AS SELECT id, t FROM tables.zero_rows WHERE id > 0 WITH LOCAL CHECK OPTION;
ALTER VIEW views.updatable ALTER t SET DEFAULT 'from the view';
CREATE VIEW views.quoting AS SELECT 'it''s; $$ \ ' || E'\n\\.' AS "t ""t""", U&'\0441' AS u, CASE WHEN true THEN interval '1 day' END AS i;
CREATE FUNCTION views.of_view(views.z_first) RETURNS int LANGUAGE sql STABLE AS 'SELECT $1.id';
CREATE OR REPLACE VIEW views.z_first AS SELECT id, i4 AS "Number", NULL::text AS added FROM types.numbers WHERE i4 IS NOT NULL;
CREATE VIEW views.uses_function AS SELECT views.of_view(z) AS f FROM views.z_first z;
CREATE VIEW views.loop_a AS SELECT 1 AS x;
CREATE VIEW views.loop_b AS SELECT x FROM views.loop_a;
CREATE VIEW views.no_columns AS SELECT FROM tables.zero_columns;
CREATE TRIGGER instead INSTEAD OF INSERT ON views.uses_function FOR EACH ROW EXECUTE FUNCTION code.pass();
COMMENT ON VIEW views.quoting IS 'a view''s';
COMMENT ON COLUMN views.quoting.u IS 'a view column''s';
CREATE MATERIALIZED VIEW views.z_base AS SELECT kind, count(*) AS n FROM tables.by_range GROUP BY kind;
CREATE UNIQUE INDEX ON views.z_base (kind);
CREATE VIEW views.between_them AS SELECT n * 2 AS twice FROM views.z_base;
CREATE MATERIALIZED VIEW views.a_on_others WITH (fillfactor = 60) AS SELECT sum(twice) AS s, (SELECT max(c) FROM views.needs_primary_key) AS m FROM views.between_them;
CREATE MATERIALIZED VIEW views.unpopulated AS SELECT s FROM views.a_on_others WITH NO DATA;
CREATE INDEX ON views.unpopulated (s);
CREATE MATERIALIZED VIEW views."Needs PK it's" AS SELECT n.id, n.i4 FROM types.numbers n GROUP BY n.id;
COMMENT ON MATERIALIZED VIEW views.z_base IS 'a materialised view''s';
\if :v15
CREATE VIEW views.as_invoker WITH (security_invoker) AS SELECT id FROM tables.secured;
\endif

-- == owners, privileges, comments ====================================================================================
ALTER TABLE tables.zero_rows OWNER TO "Odd ""Role"" it's $1";
ALTER FUNCTION code.shout(text) OWNER TO survival_owner;
ALTER SEQUENCE tables.called OWNER TO survival_owner;
GRANT USAGE, CREATE ON SCHEMA tables TO survival_owner WITH GRANT OPTION;
GRANT USAGE ON SCHEMA tables, types, "Weird ""Schema"".with $dollar$ 100%" TO PUBLIC;
GRANT SELECT ON tables.secured TO survival_reader;
GRANT SELECT (a), UPDATE ("b") ON tables.no_primary_key TO "Odd ""Role"" it's $1", survival_reader;
GRANT ALL ON tables.parent TO survival_owner WITH GRANT OPTION;
SET ROLE survival_owner;
GRANT SELECT, REFERENCES ON tables.parent TO "Odd ""Role"" it's $1" WITH GRANT OPTION;
RESET ROLE;
GRANT TRIGGER, TRUNCATE ON tables.by_range TO PUBLIC;
REVOKE DELETE ON tables.zero_rows FROM "Odd ""Role"" it's $1";
REVOKE EXECUTE ON FUNCTION code.shout(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION code.shout(text) TO survival_reader;
GRANT USAGE ON SEQUENCE tables.called TO survival_reader;
REVOKE USAGE ON TYPE types.mood FROM PUBLIC;
GRANT USAGE ON DOMAIN types.even TO survival_reader;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO survival_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA tables GRANT SELECT ON TABLES TO survival_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE survival_owner GRANT EXECUTE ON FUNCTIONS TO "Odd ""Role"" it's $1" WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE survival_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
COMMENT ON TABLE tables.zero_columns IS '';
COMMENT ON TABLE tables.zero_columns_zero_rows IS E'''single'' "double" $$ \\ \\n \n-- Name: forged; Type: TABLE; Schema: -; Owner: -\n\\.\n;';
COMMENT ON COLUMN types.numbers.n IS 'a column''s';
COMMENT ON TYPE types.mood IS 'a type''s';
COMMENT ON DOMAIN types.even IS 'a domain''s';
COMMENT ON AGGREGATE code.distinct_texts(text) IS 'an aggregate''s';
COMMENT ON PROCEDURE code.proceed(int) IS 'a procedure''s';
COMMENT ON COLLATION code.plain IS 'a collation''s';
COMMENT ON OPERATOR CLASS code.int_backwards_ops USING btree IS 'an operator class''s';

-- == large objects ===================================================================================================
SELECT lo_create(700001), lo_create(700002);
SELECT lo_from_bytea(700003, string_agg(decode(md5(i::text), 'hex'), ''::bytea ORDER BY i)) FROM generate_series(1, 196608) i; -- 3 MiB
SELECT lo_from_bytea(700004, decode(repeat('00ff5c0a', 262144), 'hex')); -- 1 MiB exactly
SELECT lo_from_bytea(700005, '\x5c2e0a');
SELECT lo_create(700006);
SELECT lo_put(700006, 5000000, 'after a hole'); -- sparse: the pages before it are missing
SELECT lo_put(700006, 2048, 'one page in between');
SELECT lo_from_bytea(4294967295, 'the last oid');
ALTER LARGE OBJECT 700003 OWNER TO survival_owner;
ALTER LARGE OBJECT 700005 OWNER TO "Odd ""Role"" it's $1";
COMMENT ON LARGE OBJECT 700001 IS E'empty; it''s \\ commented';
COMMENT ON LARGE OBJECT 700003 IS '3 MiB';
GRANT SELECT ON LARGE OBJECT 700003 TO survival_reader WITH GRANT OPTION;
GRANT UPDATE ON LARGE OBJECT 700004 TO PUBLIC;
REVOKE UPDATE ON LARGE OBJECT 700002 FROM CURRENT_USER;

-- == foreign data, publications ======================================================================================
\if :has_file_fdw
CREATE EXTENSION file_fdw SCHEMA extensions;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE tables.elsewhere (a text OPTIONS (force_not_null 'true'), b int DEFAULT 3) SERVER files OPTIONS (filename '/nonexistent/it''s', format 'csv');
CREATE USER MAPPING FOR survival_reader SERVER files;
GRANT USAGE ON FOREIGN SERVER files TO survival_reader;
COMMENT ON FOREIGN TABLE tables.elsewhere IS 'a foreign table''s';
COMMENT ON SERVER files IS 'a server''s';
\endif
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, truncate');
CREATE PUBLICATION "some tables" FOR TABLE ONLY tables.parent, tables.by_range WITH (publish_via_partition_root);
COMMENT ON PUBLICATION everything IS 'a publication''s';
\if :v15
CREATE PUBLICATION filtered FOR TABLE tables.constrained (id, a) WHERE (id > 5) WITH (publish = 'insert');
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA types;
\endif

-- == only newer servers ==============================================================================================
\if :v17
CREATE TABLE tables.partitioned_identity (id int GENERATED ALWAYS AS IDENTITY, a int) PARTITION BY LIST (a);
CREATE TABLE tables.partitioned_identity_1 PARTITION OF tables.partitioned_identity DEFAULT;
INSERT INTO tables.partitioned_identity (a) VALUES (1), (2);
\endif
\if :v18
CREATE TABLE tables.since_18 (
    rooms int4range, during daterange, a int, virtual int GENERATED ALWAYS AS (a + 1) VIRTUAL, CONSTRAINT named NOT NULL a,
    CONSTRAINT over_time UNIQUE (rooms, during WITHOUT OVERLAPS), CONSTRAINT unenforced CHECK (a > 1000) NOT ENFORCED
);
INSERT INTO tables.since_18 (rooms, during, a) VALUES ('[1,3)', '[2020-01-01,2021-01-01)', 1), ('[2,5)', '[2021-01-01,)', 2);
CREATE TABLE tables.nulls_before (a int);
INSERT INTO tables.nulls_before VALUES (NULL);
ALTER TABLE tables.nulls_before ADD CONSTRAINT late NOT NULL a NOT VALID;
\endif

-- == event trigger and settings: last, so that they touch nothing above ==============================================
CREATE TABLE tables.ddl_log (tag text, object text);
CREATE FUNCTION code.log_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO tables.ddl_log VALUES (TG_TAG, TG_EVENT); END $$;
CREATE EVENT TRIGGER logging ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE INDEX', 'ALTER TABLE', 'REFRESH MATERIALIZED VIEW', 'CREATE TRIGGER', 'COMMENT', 'GRANT') EXECUTE FUNCTION code.log_ddl();
CREATE FUNCTION code.keep_everything() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'nothing may be dropped'; END $$;
CREATE EVENT TRIGGER guarding ON sql_drop EXECUTE FUNCTION code.keep_everything();
ALTER EVENT TRIGGER guarding ENABLE ALWAYS;
CREATE EVENT TRIGGER disabled_logging ON sql_drop EXECUTE FUNCTION code.log_ddl();
ALTER EVENT TRIGGER disabled_logging DISABLE;
COMMENT ON EVENT TRIGGER logging IS 'an event trigger''s';

DO $$
DECLARE
    database text := quote_ident(current_database());
BEGIN -- each of these changes how values are written or read, unless a session says otherwise
    EXECUTE 'ALTER DATABASE ' || database || ' SET search_path = "$user", public, "Weird ""Schema"".with $dollar$ 100%"';
    EXECUTE 'ALTER DATABASE ' || database || ' SET DateStyle = ''SQL, DMY''';
    EXECUTE 'ALTER DATABASE ' || database || ' SET IntervalStyle = sql_standard';
    EXECUTE 'ALTER DATABASE ' || database || ' SET TimeZone = ''Asia/Kathmandu''';
    EXECUTE 'ALTER DATABASE ' || database || ' SET extra_float_digits = -10';
    EXECUTE 'ALTER DATABASE ' || database || ' SET bytea_output = escape';
    EXECUTE 'ALTER DATABASE ' || database || ' SET standard_conforming_strings = off';
    EXECUTE 'ALTER DATABASE ' || database || ' SET default_transaction_isolation = serializable';
    EXECUTE 'ALTER DATABASE ' || database || ' SET "own.setting" = ''it''''s \ , "x"''';
    EXECUTE 'ALTER DATABASE ' || database || ' SET xmloption = document';
    EXECUTE 'ALTER DATABASE ' || database || ' SET transform_null_equals = on';
    EXECUTE 'ALTER ROLE survival_reader IN DATABASE ' || database || ' SET search_path = types, "a,b", ''''';
    EXECUTE 'ALTER ROLE "Odd ""Role"" it''s $1" IN DATABASE ' || database || ' SET work_mem = ''7MB''';
    EXECUTE 'GRANT CREATE, TEMPORARY ON DATABASE ' || database || ' TO survival_owner WITH GRANT OPTION';
    EXECUTE 'REVOKE CONNECT ON DATABASE ' || database || ' FROM PUBLIC';
    EXECUTE 'GRANT CONNECT ON DATABASE ' || database || ' TO "Odd ""Role"" it''s $1"';
    EXECUTE 'COMMENT ON DATABASE ' || database || ' IS ''a database''''s''';
END $$;
