drop table market_data;
drop table trades;
drop table accounts;
drop table users;
drop schema attic;
