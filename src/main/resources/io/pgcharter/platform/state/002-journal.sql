-- The journal: leaves of a Merkle tree, in dense order, and the signed checkpoints over them. Append-only.

CREATE TABLE pgcharter.journal (
  sequence bigint PRIMARY KEY,
  leaf bytea NOT NULL,
  hash bytea NOT NULL,
  run text NOT NULL
);
CREATE INDEX journal_run ON pgcharter.journal (run);

CREATE TABLE pgcharter.checkpoint (
  number bigint PRIMARY KEY,
  body text NOT NULL
);

CREATE FUNCTION pgcharter.append_only() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;

CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pgcharter.journal
  FOR EACH STATEMENT EXECUTE FUNCTION pgcharter.append_only();

CREATE TRIGGER checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pgcharter.checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION pgcharter.append_only();
