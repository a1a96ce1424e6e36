-- The backups that were last seen in each repository. Losing this only means that it is not known until the next listing.

CREATE TABLE pgcharter.listing (
  repository text PRIMARY KEY,              -- as the charter names it
  tried_at timestamptz NOT NULL,
  listed_at timestamptz,                    -- when it last succeeded
  trouble_code text,                        -- of the last try, if it failed
  trouble text,
  anchored_size bigint NOT NULL DEFAULT 0,  -- entries of the journal that it holds copies of
  anchored_at timestamptz
);

CREATE TABLE pgcharter.listed_backup (
  repository text NOT NULL REFERENCES pgcharter.listing (repository) ON DELETE CASCADE,
  backup text NOT NULL,
  identity text NOT NULL,
  database text NOT NULL,
  taken_at timestamptz NOT NULL,
  proven_at timestamptz,
  pinned text,
  server text NOT NULL,
  tables int NOT NULL,
  rows bigint NOT NULL,
  bytes bigint NOT NULL,
  PRIMARY KEY (repository, backup)
);
CREATE INDEX listed_backup_database ON pgcharter.listed_backup (database, taken_at);

-- The last run of a verb, and failures that nothing has made good since.
CREATE INDEX run_verb ON pgcharter.run (verb, begun_at);
CREATE INDEX run_failed ON pgcharter.run (begun_at) WHERE outcome IN ('failed', 'lost');
