-- A constant default is not written into the rows that are there.
ALTER TABLE "users" ADD COLUMN "status" TEXT NOT NULL DEFAULT 'active';
