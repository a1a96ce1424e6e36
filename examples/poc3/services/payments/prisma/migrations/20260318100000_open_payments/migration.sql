-- What a user's page asks for: their payments of one status, the newest first.
CREATE INDEX CONCURRENTLY "payments_user_id_status_created_at_idx" ON "payments"("user_id", "status", "created_at" DESC);
