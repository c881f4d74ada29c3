-- CreateTable
CREATE TABLE "BarredMailbox" (
    "organizationId" TEXT NOT NULL,
    "mailboxHash" TEXT NOT NULL,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("organizationId", "mailboxHash"),
    CONSTRAINT "BarredMailbox_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
