ALTER TABLE "payments" VALIDATE CONSTRAINT "payments_currency_check";
