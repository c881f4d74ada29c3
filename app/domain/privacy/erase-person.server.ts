/**
 * What a person leaves in the database besides what goes with their row: their addresses, and their id. Lines that belong to
 * others – audit logs, purchases, mails to other people – stay and name a pseudonym that leads nowhere. A test looks for the
 * addresses in every column of every table, and in the bytes of the file, afterwards.
 */
import { ofPurchases } from "~/domain/mail/requeue.server"
import { suppressionHash } from "~/domain/mail/suppression.server"
import { renameInTexts } from "~/domain/privacy/addresses-in-texts.server"
import type { Tx } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"

type Traces = { id: string; name: string; email: string; alias: string; hash: string }

/** In JSON an address stands in quotes: within a longer one it is somebody else's. */
const quoted = (name: string) => `'"' || ${name} || '"'`
const mentioned = (column: string) => `instr(${column}, ${quoted("@email")})`
const renamed = (column: string) => `replace(${column}, ${quoted("@email")}, ${quoted("@alias")})`

/** Whether a mail has been sent, or never will be: what is still to be written needs its parameters. */
const over = `state <> 'queued'
  AND NOT (state = 'not_set_up' AND template IN (${ofPurchases.map(name => `'${name}'`).join()}))`
/** A short name is found within many words: only where it is all of a value is it theirs. */
const saysAsAValue = (...those: string[]) =>
  `EXISTS (SELECT 1 FROM json_tree(Mail.parameters) AS part WHERE part.type = 'text' AND part.value IN (${those}))`

/** In this order: each needs what the later ones remove. */
const removals = [
  `DELETE FROM Job WHERE ${mentioned("payload")} OR json_extract(payload, '$.userId') = @id
     OR json_extract(payload, '$.mailId') IN (SELECT id FROM Mail WHERE recipient = @email)`,
  "DELETE FROM Mail WHERE recipient = @email",
  `UPDATE Mail SET parameters = '{}' WHERE ${over} AND ${saysAsAValue("@email", "nullif(@name, '')")}`,
  "UPDATE Mail SET dedupeKey = NULL WHERE instr(':' || dedupeKey || ':', ':' || @email || ':')",
  `DELETE FROM WaitingIdentity
     WHERE challengeHash IN (SELECT tokenHash FROM SignInChallenge WHERE userId = @id)
       OR requestHash IN (SELECT requestHash FROM Link WHERE email = @email OR userId = @id)`,
  "DELETE FROM Link WHERE email = @email OR userId = @id",
  "UPDATE Link SET usedByUserId = NULL WHERE usedByUserId = @id",
  "DELETE FROM Invitation WHERE email = @email",
  "DELETE FROM SecurityEvent WHERE userId = @id",
  "DELETE FROM SsoRequest WHERE userId = @id",
  "DELETE FROM PasskeyChallenge WHERE userId = @id",
  "DELETE FROM EmailChange WHERE userId = @id OR (toEmail = @email AND changedAt IS NULL)",
  `UPDATE EmailChange SET fromEmail = @alias, fromTyped = @alias, undoUntil = NULL WHERE fromEmail = @email`,
  `UPDATE Checkout SET email = @alias, emailTyped = @alias, userId = NULL WHERE email = @email OR userId = @id`,
  "UPDATE AuditEntry SET target = @alias WHERE target = @email COLLATE NOCASE",
  `UPDATE AuditEntry SET detail = ${renamed("detail")} WHERE ${mentioned("detail")}`,
  "UPDATE AuditEntry SET clientAddress = '' WHERE actorUserId = @id",
  "UPDATE ArchiveHold SET byUserId = NULL WHERE byUserId = @id",
  "UPDATE JoinableDomain SET addedById = NULL WHERE addedById = @id",
  "UPDATE ApiKey SET revokedById = NULL WHERE revokedById = @id",
  "UPDATE OnboardingStep SET byUserId = NULL WHERE byUserId = @id",
  "UPDATE Organization SET closeRequestedBy = NULL WHERE closeRequestedBy = @id",
  "UPDATE OR REPLACE Suppression SET email = @hash WHERE email = @email",
].map(sql => joiningStatement<[Traces]>(sql))

/** While a change of address was under way or stood, what came to the new mailbox was for them. */
const whileTheirs = (time: string) =>
  `JOIN EmailChange AS change ON change.userId = @id AND change.toEmail = its.email
   WHERE change.changedAt IS NOT NULL AND ${time} >= change.askedAt
     AND ${time} <= coalesce(change.undoneAt, change.givenUpAt, ${time})`

/**
 * What they left at addresses that are not theirs: asked for and never proven, or undone. These may be somebody's: only what is
 * known to be of this person goes.
 */
const leftElsewhere = [
  `DELETE FROM Mail WHERE json_extract(parameters, '$.link.userId') = @id
     OR dedupeKey IN (SELECT 'email_change_undone:' || id FROM EmailChange WHERE userId = @id)
     OR id IN (SELECT its.id FROM (SELECT id, recipient AS email, createdAt FROM Mail) AS its
       ${whileTheirs("its.createdAt")})`,
  `DELETE FROM Invitation WHERE id IN (SELECT its.id FROM (SELECT id, email, sentAt FROM Invitation) AS its
     ${whileTheirs("its.sentAt")})`,
  // It went to the owner of the address, and tells of who asked for it.
  `UPDATE Mail SET parameters = '{}' WHERE template = 'email_taken' AND ${over} AND EXISTS (
     SELECT 1 FROM EmailChange AS change WHERE change.userId = @id AND change.toEmail = Mail.recipient
       AND Mail.createdAt BETWEEN change.askedAt AND change.askedAt + 60000)`,
].map(sql => joiningStatement<[{ id: string }]>(sql))

const renamings = [
  "UPDATE AuditEntry SET target = @alias WHERE target = @email COLLATE NOCASE",
  `UPDATE AuditEntry SET detail = ${renamed("detail")} WHERE ${mentioned("detail")}`,
].map(sql => joiningStatement<[{ email: string; alias: string }]>(sql))

type Erased = { id: string; name: string; addresses: string[]; undone: string[]; alias: string }

/**
 * Removes or renames every trace of this person, by each address they have had; `undone` are those they have had and gave back.
 * Their own row goes last, and is the caller's.
 */
export async function eraseTracesOf(tx: Tx, { addresses, undone, ...person }: Erased): Promise<void> {
  const { id, alias } = person
  for (const removal of leftElsewhere) await removal.run(tx, { id })
  for (const email of undone) {
    for (const renaming of renamings) await renaming.run(tx, { email, alias })
    await renameInTexts(tx, email, alias)
  }
  for (const email of addresses) {
    const hash = suppressionHash(email)
    for (const removal of removals) await removal.run(tx, { ...person, email, hash })
    await renameInTexts(tx, email, person.alias)
  }
}

const naming = joiningStatement<[{ name: string }], { id: string }>(
  `SELECT id FROM Mail WHERE state = 'queued' AND ${saysAsAValue("@name")}`,
)

/** The mails that wait to be sent and name a person. */
export async function waitingMailsNaming(tx: Tx, name: string): Promise<string[]> {
  return (await naming.all(tx, { name })).map(({ id }) => id)
}

const forgetting = joiningStatement<[{ id: string }]>(
  `UPDATE Mail SET parameters = '{}' WHERE id = @id AND ${over}`,
)

/** Empties those of these mails that will not be sent again. */
export async function emptyMails(tx: Tx, ids: string[]): Promise<void> {
  for (const id of ids) await forgetting.run(tx, { id })
}
