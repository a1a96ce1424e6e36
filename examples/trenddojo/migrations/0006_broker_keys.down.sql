drop table broker_keys;
drop extension pgcrypto;
