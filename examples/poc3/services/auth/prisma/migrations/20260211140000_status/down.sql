ALTER TABLE "users" DROP COLUMN "status";
