-- Believable rows, the same on every run: names from word lists, German IBANs with the right check digits (ISO 13616).
select setseed(0.42);
insert into users (full_name, email, phone, iban, country, kyc, created_at)
select first || ' ' || last,
       lower(first) || '.' || lower(last) || i || '@' || (array['example.org', 'example.com', 'mail.example'])[1 + i % 3],
       '+49 30 ' || lpad((random() * 9999999)::int::text, 7, '0'),
       'DE' || lpad((98 - mod((account || '131400')::numeric, 97))::text, 2, '0') || account,
       (array['DE', 'AT', 'NL', 'FR', 'ES'])[1 + i % 5],
       jsonb_build_object('level', i % 4, 'born', date '1950-01-01' + (random() * 20000)::int, 'checked', i % 7 <> 0),
       timestamptz '2026-01-01' - random() * interval '900 days'
from (
  select i,
         (array['Amina', 'Ben', 'Chiara', 'David', 'Elif', 'Farid', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Karin', 'Luca',
                'Mira', 'Noah', 'Olga', 'Pablo', 'Rosa', 'Samir', 'Tara', 'Yusuf'])[1 + floor(random() * 20)::int] as first,
         (array['Adler', 'Bauer', 'Costa', 'Dietrich', 'Ercan', 'Fischer', 'Garcia', 'Haddad', 'Ivanova', 'Jansen', 'Keller',
                'Lopez', 'Moreau', 'Novak', 'Okafor', 'Peters', 'Rossi', 'Schmidt', 'Weber', 'Yilmaz'])[1 + floor(random() * 20)::int] as last,
         lpad((10000000 + i * 37 % 89999999)::text, 8, '0') || lpad((random() * 9999999999)::bigint::text, 10, '0') as account
  from generate_series(1, :users) i
) as person;
insert into payments (user_id, amount, currency, status, method, reference, created_at, updated_at)
select 1 + floor(random() * :users)::bigint, (0.5 + random() * 4000)::numeric(12, 2),
       (array['EUR', 'EUR', 'EUR', 'GBP', 'USD'])[1 + floor(random() * 5)::int],
       (array['settled', 'settled', 'settled', 'pending', 'failed', 'refunded'])[1 + floor(random() * 6)::int]::payment_status,
       (array['card', 'sepa', 'wallet'])[1 + floor(random() * 3)::int],
       'PAY-' || upper(substr(md5(random()::text), 1, 12)),
       at, at + random() * interval '2 days'
from (select timestamptz '2026-01-01' - random() * interval '700 days' as at from generate_series(1, :payments)) as moments;
insert into audit_logs (payment_id, action, detail, at)
select id, 'payment.' || status, jsonb_build_object('reference', reference, 'ip', '10.' || id % 250 || '.' || id / 250 % 250 || '.1'), updated_at
from payments where id % 3 = 0;
analyze;
