-- What a release is held against: what statements cost in the hours before, and what the rehearsal made.

-- Of databases whose migrations are released, for three hours. What was executed between one reading of
-- pg_stat_statements and the one before; one entry of the arrays a statement.
CREATE TABLE pgcharter.statement_reading (
  database text NOT NULL,
  at timestamptz NOT NULL,
  seconds double precision NOT NULL,        -- since the reading before
  id bigint[] NOT NULL,                     -- pg_stat_statements.queryid
  calls bigint[] NOT NULL,
  milliseconds double precision[] NOT NULL,
  PRIMARY KEY (database, at)
);

-- The catalog after the rehearsal, gzip of JSON: kind, object, attribute, and a digest in the place of each value.
ALTER TABLE pgcharter.rehearsal ADD COLUMN made bytea;
