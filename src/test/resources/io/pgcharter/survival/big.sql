-- What must survive by its size. Each part has a size of its own; 0 leaves it out.
--   psql -X -v ON_ERROR_STOP=1 -v table_mb=1100 -v row_mb=110 -v tables=10000 -d DATABASE -f big.sql
\if :{?table_mb} \else \set table_mb 0 \endif
\if :{?row_mb} \else \set row_mb 0 \endif
\if :{?tables} \else \set tables 0 \endif
SET client_min_messages = error;

-- At least `table_mb` MiB of COPY text in one table, hardly compressible, in rows of about 1 KiB.
CREATE TABLE big_table (id bigserial PRIMARY KEY, payload text NOT NULL);
INSERT INTO big_table (payload)
SELECT (SELECT string_agg(md5(row::text || part::text), '') FROM generate_series(1, 32) part)
FROM generate_series(1, :table_mb * 1024) row;

-- Rows of which a single one has at least `row_mb` MiB of COPY text: text, bytea, both.
CREATE TABLE big_row (id int PRIMARY KEY, t text, b bytea);
INSERT INTO big_row SELECT 1, string_agg(md5(i::text), '') FROM generate_series(1, :row_mb * 32768) i HAVING :row_mb > 0;
INSERT INTO big_row SELECT 2, NULL, string_agg(decode(md5(i::text), 'hex'), '') FROM generate_series(1, :row_mb * 32768) i HAVING :row_mb > 0;
INSERT INTO big_row SELECT 3, repeat(E'tab\tand\\', :row_mb * 65536), decode(repeat('5c0a0900', :row_mb * 131072), 'hex') WHERE :row_mb > 0;

-- Many small tables, each with a primary key, an index and a sequence; committed in steps, for locks are limited.
CREATE SCHEMA small;
SELECT set_config('big.tables', :'tables', false) \g /dev/null
DO $$
BEGIN
    FOR number IN 1 .. current_setting('big.tables')::int LOOP
        EXECUTE format('CREATE TABLE small.t%1$s (id serial PRIMARY KEY, t text); CREATE INDEX ON small.t%1$s (t)', number);
        EXECUTE format('INSERT INTO small.t%s (t) VALUES (%L)', number, number);
        IF number % 200 = 0 THEN COMMIT; END IF;
    END LOOP;
END $$;
