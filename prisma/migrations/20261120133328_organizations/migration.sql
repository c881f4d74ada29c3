-- DropIndex
DROP INDEX "AuditEntry_organizationId_at_idx";

-- DropIndex
DROP INDEX "Membership_organizationId_role_idx";

-- AlterTable
ALTER TABLE "Mail" ADD COLUMN "organizationId" TEXT;

-- AlterTable
ALTER TABLE "Subscription" ADD COLUMN "endedByClosingAt" DATETIME;

-- CreateTable
CREATE TABLE "ArchiveHold" (
    "organizationId" TEXT NOT NULL,
    "because" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "byUserId" TEXT,
    "note" TEXT NOT NULL DEFAULT '',

    PRIMARY KEY ("organizationId", "because"),
    CONSTRAINT "ArchiveHold_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "OrganizationLogo" (
    "organizationId" TEXT NOT NULL PRIMARY KEY,
    "png" BLOB NOT NULL,
    "hash" TEXT NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "OrganizationLogo_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SlugRedirect" (
    "slug" TEXT NOT NULL PRIMARY KEY,
    "organizationId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "SlugRedirect_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "JoinableDomain" (
    "organizationId" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "addedById" TEXT,
    "createdAt" DATETIME NOT NULL,

    PRIMARY KEY ("organizationId", "domain"),
    CONSTRAINT "JoinableDomain_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "DomainBar" (
    "organizationId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("organizationId", "userId"),
    CONSTRAINT "DomainBar_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "DomainBar_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "OwnershipTransfer" (
    "organizationId" TEXT NOT NULL PRIMARY KEY,
    "fromUserId" TEXT NOT NULL,
    "toUserId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    CONSTRAINT "OwnershipTransfer_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "OwnershipTransfer_fromUserId_fkey" FOREIGN KEY ("fromUserId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "OwnershipTransfer_toUserId_fkey" FOREIGN KEY ("toUserId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RetainedRecord" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "pseudonym" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
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
INSERT INTO "new_Organization" ("archivedAt", "createdAt", "id", "name", "slug", "stripeCustomerId", "updatedAt") SELECT "archivedAt", "createdAt", "id", "name", "slug", "stripeCustomerId", "updatedAt" FROM "Organization";
DROP TABLE "Organization";
ALTER TABLE "new_Organization" RENAME TO "Organization";
CREATE UNIQUE INDEX "Organization_slug_key" ON "Organization"("slug");
CREATE UNIQUE INDEX "Organization_stripeCustomerId_key" ON "Organization"("stripeCustomerId");
CREATE INDEX "Organization_createdAt_id_idx" ON "Organization"("createdAt", "id");
CREATE INDEX "Organization_closeRequestedAt_idx" ON "Organization"("closeRequestedAt");
CREATE INDEX "Organization_eraseAt_idx" ON "Organization"("eraseAt");
CREATE TABLE "new_Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tokenHash" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "lastSeenAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "provenAt" DATETIME NOT NULL,
    "method" TEXT NOT NULL DEFAULT 'email',
    "userAgent" TEXT NOT NULL,
    "clientAddress" TEXT NOT NULL,
    "endedAt" DATETIME,
    "endedBecause" TEXT,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_Session" ("clientAddress", "createdAt", "endedAt", "endedBecause", "expiresAt", "id", "lastSeenAt", "provenAt", "tokenHash", "userAgent", "userId") SELECT "clientAddress", "createdAt", "endedAt", "endedBecause", "expiresAt", "id", "lastSeenAt", "provenAt", "tokenHash", "userAgent", "userId" FROM "Session";
DROP TABLE "Session";
ALTER TABLE "new_Session" RENAME TO "Session";
CREATE UNIQUE INDEX "Session_tokenHash_key" ON "Session"("tokenHash");
CREATE INDEX "Session_userId_endedAt_idx" ON "Session"("userId", "endedAt");
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "SlugRedirect_organizationId_createdAt_idx" ON "SlugRedirect"("organizationId", "createdAt");

-- CreateIndex
CREATE INDEX "JoinableDomain_domain_idx" ON "JoinableDomain"("domain");

-- CreateIndex
CREATE INDEX "OwnershipTransfer_toUserId_idx" ON "OwnershipTransfer"("toUserId");

-- CreateIndex
CREATE INDEX "RetainedRecord_pseudonym_idx" ON "RetainedRecord"("pseudonym");

-- CreateIndex
CREATE INDEX "AuditEntry_organizationId_at_id_idx" ON "AuditEntry"("organizationId", "at", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_organizationId_actorUserId_at_id_idx" ON "AuditEntry"("organizationId", "actorUserId", "at", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_organizationId_act_at_id_idx" ON "AuditEntry"("organizationId", "act", "at", "id");

-- CreateIndex
CREATE INDEX "Invitation_organizationId_sentAt_id_idx" ON "Invitation"("organizationId", "sentAt", "id");

-- CreateIndex
CREATE INDEX "Mail_organizationId_idx" ON "Mail"("organizationId");

-- CreateIndex
CREATE INDEX "Membership_organizationId_createdAt_id_idx" ON "Membership"("organizationId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Membership_organizationId_role_createdAt_id_idx" ON "Membership"("organizationId", "role", "createdAt", "id");
