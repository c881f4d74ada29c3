-- CreateTable
CREATE TABLE "WaitingIdentity" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tokenHash" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "requestHash" TEXT,
    "challengeHash" TEXT,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "connectedAt" DATETIME
);

-- CreateIndex
CREATE UNIQUE INDEX "WaitingIdentity_tokenHash_key" ON "WaitingIdentity"("tokenHash");

-- CreateIndex
CREATE INDEX "WaitingIdentity_requestHash_idx" ON "WaitingIdentity"("requestHash");

-- CreateIndex
CREATE INDEX "WaitingIdentity_challengeHash_idx" ON "WaitingIdentity"("challengeHash");

-- CreateIndex
CREATE INDEX "WaitingIdentity_expiresAt_idx" ON "WaitingIdentity"("expiresAt");
