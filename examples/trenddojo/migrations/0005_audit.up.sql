-- Who changed what in the tables that hold money: the compliance log. It is written by triggers, as its owner, and nobody
-- else may change it.

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  by text not null default session_user,
  relation text not null,
  action text not null,
  before jsonb,
  after jsonb
);
create index audit_log_at on audit_log (at);
revoke all on audit_log from public;

create function audit() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into public.audit_log (relation, action, before, after)
  values (tg_table_name, tg_op, case when tg_op <> 'INSERT' then to_jsonb(old) end,
          case when tg_op <> 'DELETE' then to_jsonb(new) end);
  return null;
end $$;

create trigger accounts_audit after insert or update or delete on accounts for each row execute function audit();
create trigger trades_audit after insert or update or delete on trades for each row execute function audit();
