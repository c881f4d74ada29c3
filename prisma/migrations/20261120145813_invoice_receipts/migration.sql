-- AlterTable
ALTER TABLE "Invoice" ADD COLUMN "reason" TEXT;
ALTER TABLE "Invoice" ADD COLUMN "receiptedAt" DATETIME;
