drop trigger trades_audit on trades;
drop trigger accounts_audit on accounts;
drop function audit();
drop table audit_log;
