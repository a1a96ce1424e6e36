DROP TABLE "actions";
DROP TABLE "admins";
