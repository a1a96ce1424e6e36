-- What was done stays written down.
CREATE FUNCTION "actions_stay"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'actions are only added to';
END $$;

CREATE TRIGGER "stay" BEFORE UPDATE OR DELETE ON "actions" FOR EACH ROW EXECUTE FUNCTION "actions_stay"();
