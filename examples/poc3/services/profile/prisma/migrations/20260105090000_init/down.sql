DROP TABLE "addresses";
DROP TABLE "profiles";
