ALTER TABLE "profiles" DROP COLUMN "language";
