DROP INDEX CONCURRENTLY "users_status_created_at_idx";
