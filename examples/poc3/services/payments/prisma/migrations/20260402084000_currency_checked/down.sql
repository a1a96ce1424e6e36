ALTER TABLE "payments" DROP CONSTRAINT "payments_currency_check";
ALTER TABLE "payments" ADD CONSTRAINT "payments_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$') NOT VALID;
