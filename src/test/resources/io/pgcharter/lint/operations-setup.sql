CREATE SCHEMA elsewhere;
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN plain_domain AS integer;
CREATE DOMAIN used_domain AS integer;
CREATE TYPE colors AS ENUM ('red', 'green');
CREATE FUNCTION volatile_one() RETURNS integer LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 1; END';
CREATE FUNCTION stable_one() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';
CREATE FUNCTION trigger_function() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE parent (id bigint PRIMARY KEY);
CREATE TABLE ancestor (a integer);
CREATE TABLE t (
  id bigint NOT NULL, a integer, x text, v varchar(10), num numeric(10,2), ts timestamp, tz timestamptz,
  i3 interval(3), net cidr, bits varbit(8), j json, ch char(4), color colors, p bigint, q bigint, d used_domain,
  proven integer, checked varchar(10), gone integer GENERATED ALWAYS AS (1) STORED,
  stored bigint GENERATED ALWAYS AS (id * 2) STORED,
  CONSTRAINT key_of_t FOREIGN KEY (q) REFERENCES parent (id),
  CONSTRAINT proven_there CHECK (proven IS NOT NULL),
  CONSTRAINT checked_there CHECK (checked <> '')
);
CREATE TABLE k (a bigint, b bigint, c bigint NOT NULL);
CREATE TABLE parted (id integer NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE attached PARTITION OF parted FOR VALUES FROM (200000) TO (300000);
CREATE TABLE loose (id integer NOT NULL);
CREATE TABLE prepared (id integer NOT NULL, CONSTRAINT bounds CHECK (id >= 0 AND id < 100000));
CREATE UNLOGGED TABLE nolog (id bigint);
INSERT INTO parent SELECT g FROM generate_series(1, 500) g;
INSERT INTO t SELECT g, g, 'x' || g, 'v', 1.5, now(), now(), '1 s', '10.0.0.0/8', B'1', '{}', 'c', 'red',
  g % 500 + 1, g % 500 + 1, g, g, 'c' FROM generate_series(1, 2000) g;
INSERT INTO k SELECT g, g, g FROM generate_series(1, 2000) g;
INSERT INTO loose SELECT g FROM generate_series(1, 2000) g;
INSERT INTO prepared SELECT g FROM generate_series(1, 2000) g;
INSERT INTO nolog SELECT g FROM generate_series(1, 2000) g;
CREATE INDEX t_a ON t (a);
CREATE UNIQUE INDEX t_id_unique ON t (id);
CREATE UNIQUE INDEX k_nullable ON k (b);
CREATE UNIQUE INDEX k_there ON k (c);
CREATE TRIGGER old_trigger BEFORE UPDATE ON k FOR EACH ROW EXECUTE FUNCTION trigger_function();
CREATE TRIGGER old_trigger BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION trigger_function();
CREATE POLICY old_policy ON t USING (true);
CREATE MATERIALIZED VIEW mv AS SELECT a FROM k;
CREATE UNIQUE INDEX mv_a ON mv (a);
ALTER TABLE t ADD CONSTRAINT unproven CHECK (id > 0) NOT VALID;
ALTER TABLE t ADD CONSTRAINT unproven_key FOREIGN KEY (p) REFERENCES parent (id) NOT VALID;
