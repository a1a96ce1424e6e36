CREATE TABLE accounts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    note text,
    opened_at timestamptz NOT NULL DEFAULT now()
);
