-- A constant default is not written into the rows that are there.
ALTER TABLE accounts ADD COLUMN balance numeric(14, 2) NOT NULL DEFAULT 0;
