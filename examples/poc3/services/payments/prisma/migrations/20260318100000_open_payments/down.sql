DROP INDEX CONCURRENTLY "payments_user_id_status_created_at_idx";
