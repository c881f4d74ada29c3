-- AlterTable
ALTER TABLE "StripeEvent" ADD COLUMN "organizationId" TEXT;

-- AlterTable
ALTER TABLE "Subscription" ADD COLUMN "currency" TEXT;
ALTER TABLE "Subscription" ADD COLUMN "disputedAt" DATETIME;
ALTER TABLE "Subscription" ADD COLUMN "paymentTrouble" TEXT;
ALTER TABLE "Subscription" ADD COLUMN "unitAmount" INTEGER;
ALTER TABLE "Subscription" ADD COLUMN "unknownStatus" TEXT;

-- CreateTable
CREATE TABLE "Invoice" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "organizationId" TEXT NOT NULL,
    "stripeSubscriptionId" TEXT,
    "number" TEXT,
    "status" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "amountPaid" INTEGER NOT NULL DEFAULT 0,
    "amountRemaining" INTEGER NOT NULL DEFAULT 0,
    "amountRefunded" INTEGER NOT NULL DEFAULT 0,
    "createdAt" DATETIME NOT NULL,
    "periodStart" DATETIME,
    "periodEnd" DATETIME,
    "nextAttemptAt" DATETIME,
    "syncedAt" DATETIME NOT NULL,
    CONSTRAINT "Invoice_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "DriftFinding" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "organizationId" TEXT,
    "stripeSubscriptionId" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "ours" TEXT NOT NULL DEFAULT '',
    "stripes" TEXT NOT NULL DEFAULT '',
    "repaired" BOOLEAN NOT NULL,
    "at" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "TrialClaim" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Organization" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "stripeCustomerId" TEXT,
    "billingEmail" TEXT,
    "requireMfa" BOOLEAN NOT NULL DEFAULT false,
    "adminsManageBilling" BOOLEAN NOT NULL DEFAULT false,
    "signInMethods" TEXT NOT NULL DEFAULT '',
    "archivedAt" DATETIME,
    "closeRequestedAt" DATETIME,
    "closeRequestedBy" TEXT,
    "closeTrouble" TEXT,
    "closedAt" DATETIME,
    "eraseAt" DATETIME,
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL
);
INSERT INTO "new_Organization" ("archivedAt", "billingEmail", "closeRequestedAt", "closeRequestedBy", "closeTrouble", "closedAt", "createdAt", "eraseAt", "id", "name", "requireMfa", "signInMethods", "slug", "stripeCustomerId", "updatedAt") SELECT "archivedAt", "billingEmail", "closeRequestedAt", "closeRequestedBy", "closeTrouble", "closedAt", "createdAt", "eraseAt", "id", "name", "requireMfa", "signInMethods", "slug", "stripeCustomerId", "updatedAt" FROM "Organization";
DROP TABLE "Organization";
ALTER TABLE "new_Organization" RENAME TO "Organization";
CREATE UNIQUE INDEX "Organization_slug_key" ON "Organization"("slug");
CREATE UNIQUE INDEX "Organization_stripeCustomerId_key" ON "Organization"("stripeCustomerId");
CREATE INDEX "Organization_createdAt_id_idx" ON "Organization"("createdAt", "id");
CREATE INDEX "Organization_closeRequestedAt_idx" ON "Organization"("closeRequestedAt");
CREATE INDEX "Organization_eraseAt_idx" ON "Organization"("eraseAt");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "Invoice_organizationId_createdAt_id_idx" ON "Invoice"("organizationId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "DriftFinding_at_id_idx" ON "DriftFinding"("at", "id");

-- CreateIndex
CREATE INDEX "DriftFinding_organizationId_at_idx" ON "DriftFinding"("organizationId", "at");

-- CreateIndex
CREATE INDEX "StripeEvent_organizationId_createdAt_id_idx" ON "StripeEvent"("organizationId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "User_createdAt_id_idx" ON "User"("createdAt", "id");
