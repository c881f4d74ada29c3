-- AlterTable
ALTER TABLE "Checkout" ADD COLUMN "trialDays" INTEGER;

-- AlterTable
ALTER TABLE "TrialClaim" ADD COLUMN "checkoutId" TEXT;
