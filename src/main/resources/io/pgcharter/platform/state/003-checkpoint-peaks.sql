-- The Merkle tree as each checkpoint left it, so that the next one reads only the entries since. It is believed only if it
-- has the root that the checkpoint signed.

ALTER TABLE pgcharter.checkpoint ADD COLUMN peaks bytea;
