-- What the pages ask of a long history, by looks into an index.

CREATE INDEX listed_backup_proven ON pgcharter.listed_backup (database, proven_at) WHERE proven_at IS NOT NULL;
