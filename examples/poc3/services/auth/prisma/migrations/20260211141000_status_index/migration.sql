-- By itself in its file: it runs outside of a transaction, and nobody waits for it.
CREATE INDEX CONCURRENTLY "users_status_created_at_idx" ON "users"("status", "created_at");
