ALTER TABLE "Subscription" RENAME COLUMN "unitAmount" TO "periodAmount";
