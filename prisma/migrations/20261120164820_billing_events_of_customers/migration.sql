ALTER TABLE "StripeEvent" ADD COLUMN "stripeCustomerId" TEXT;

-- Nothing fills these.
ALTER TABLE "Subscription" DROP COLUMN "paymentTrouble";
ALTER TABLE "Subscription" DROP COLUMN "disputedAt";
