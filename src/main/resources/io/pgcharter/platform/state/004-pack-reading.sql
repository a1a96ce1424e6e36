-- When a check last read each pack of a repository and found it whole. Losing this only means that every pack is due.

CREATE TABLE pgcharter.pack_reading (
  repository text NOT NULL,
  pack bytea NOT NULL,
  read_at timestamptz NOT NULL,
  PRIMARY KEY (repository, pack)
);
