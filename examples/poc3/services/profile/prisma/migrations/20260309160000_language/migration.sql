-- Nullable, without a default: the service writes it from now on, and asks where it is missing.
ALTER TABLE "profiles" ADD COLUMN "language" TEXT;
