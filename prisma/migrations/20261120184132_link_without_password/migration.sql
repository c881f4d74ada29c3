-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Link" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "purpose" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "codeHash" TEXT,
    "requestHash" TEXT,
    "email" TEXT NOT NULL,
    "emailTyped" TEXT,
    "userId" TEXT,
    "organizationId" TEXT,
    "invitationId" TEXT,
    "redirectTo" TEXT,
    "clientAddress" TEXT NOT NULL DEFAULT '',
    "userAgent" TEXT NOT NULL DEFAULT '',
    "requestedAt" DATETIME NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "usedAt" DATETIME,
    "usedByUserId" TEXT,
    "voidedAt" DATETIME,
    "wrongCodes" INTEGER NOT NULL DEFAULT 0,
    "codeVoidedAt" DATETIME,
    "renewedAt" DATETIME
);
INSERT INTO "new_Link" ("clientAddress", "codeHash", "codeVoidedAt", "createdAt", "email", "emailTyped", "expiresAt", "id", "invitationId", "organizationId", "purpose", "redirectTo", "renewedAt", "requestHash", "requestedAt", "tokenHash", "usedAt", "usedByUserId", "userAgent", "userId", "voidedAt", "wrongCodes") SELECT "clientAddress", "codeHash", "codeVoidedAt", "createdAt", "email", "emailTyped", "expiresAt", "id", "invitationId", "organizationId", "purpose", "redirectTo", "renewedAt", "requestHash", "requestedAt", "tokenHash", "usedAt", "usedByUserId", "userAgent", "userId", "voidedAt", "wrongCodes" FROM "Link";
DROP TABLE "Link";
ALTER TABLE "new_Link" RENAME TO "Link";
CREATE UNIQUE INDEX "Link_tokenHash_key" ON "Link"("tokenHash");
CREATE INDEX "Link_requestHash_idx" ON "Link"("requestHash");
CREATE INDEX "Link_email_purpose_idx" ON "Link"("email", "purpose");
CREATE INDEX "Link_expiresAt_idx" ON "Link"("expiresAt");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
