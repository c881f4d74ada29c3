-- AlterTable
ALTER TABLE "Subscription" ADD COLUMN "paymentTrouble" TEXT;
