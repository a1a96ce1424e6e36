DROP TABLE audit_logs;
DROP TABLE payments;
DROP TABLE users;
