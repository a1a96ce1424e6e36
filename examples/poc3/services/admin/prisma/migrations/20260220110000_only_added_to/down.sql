DROP TRIGGER "stay" ON "actions";
DROP FUNCTION "actions_stay"();
