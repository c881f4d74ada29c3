/**
 * An account at a provider that waits to be connected, because something is still owed: the proof of a mailbox the provider does not
 * vouch for, or the second factor. It is connected only in the browser that came from the provider: whoever opens the mail
 * elsewhere signs in and connects nothing, so that nobody is talked into connecting somebody else's.
 */
import { z } from "zod"
import { type Account, connectIdentity } from "~/domain/accounts/identities.server"
import { isProvider, providers } from "~/domain/accounts/providers.server"
import type { Requester } from "~/domain/accounts/requester"
import { challengeLifetime } from "~/domain/accounts/sign-in-challenges.server"
import { lifetimeOf } from "~/domain/links/issue.server"
import type { Entry } from "~/domain/sign-in/complete-sign-in.server"
import { fromNow, now } from "~/platform/clock.server"
import { hashToken, randomToken } from "~/platform/crypto.server"
import { type Client, db, type Tx } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { log } from "~/platform/log.server"
import type { WaitingIdentity } from "~/platform/models.server"
import { seal, unseal } from "~/platform/sealed.server"

const purpose = "waiting identity"

const sealedAccount = z.object({
  provider: z.enum(providers),
  issuer: z.string(),
  subject: z.string(),
  label: z.string(),
})

/** Milliseconds someone may take to say which mailbox is theirs. */
export const waitingLifetime = 30 * 60 * 1000

type Person = { id: string; email: string }

/** Keeps an account for the proof of a mailbox. Returns the only copy of the value that marks the browser. */
export async function keepForMailbox(tx: Tx, account: Account): Promise<string> {
  return keep(tx, account, { expiresAt: fromNow(waitingLifetime) })
}

/** Keeps an account for the second factor of the challenge of this value. */
export async function keepForSecondFactor(tx: Tx, account: Account, challengeToken: string): Promise<void> {
  const expiresAt = fromNow(challengeLifetime)
  await keep(tx, account, { expiresAt, challengeHash: hashToken(challengeToken) })
}

/** What waits in the browser of this value: the provider, and what it calls the person. */
export async function readWaiting(token: string): Promise<Account | undefined> {
  const row = await db().waitingIdentity.findFirst({
    where: { tokenHash: hashToken(token), connectedAt: null, expiresAt: { gt: now() } },
  })
  return row ? accountOf(row) : undefined
}

/** From here on the link of this request connects what waits, if it is spent in the browser that asked for it. */
export async function waitForLink(client: Client, token: string, requestHash: string): Promise<void> {
  await client.waitingIdentity.updateMany({
    where: { tokenHash: hashToken(token), connectedAt: null },
    data: { requestHash, expiresAt: fromNow(lifetimeOf("sign_in") + challengeLifetime) },
  })
}

/** Connects what waited for the link of this request, or hands it on to the second factor that is still owed. */
export async function connectAfterLink(
  tx: Tx,
  requestHash: string,
  user: Person,
  { entry, requester }: { entry: Entry; requester: Requester },
): Promise<void> {
  const [row] = await take(tx, { requestHash })
  const account = row && accountOf(row)
  if (!account) return
  if (entry.kind === "challenge") await keepForSecondFactor(tx, account, entry.token)
  else await connect(tx, user, account, requester)
}

/** Connects what waited for the second factor of this challenge. Called once the challenge is answered. */
export async function connectAfterSecondFactor(
  tx: Tx,
  challengeTokenHash: string,
  user: Person,
  requester: Requester,
): Promise<void> {
  const [row] = await take(tx, { challengeHash: challengeTokenHash })
  const account = row && accountOf(row)
  if (account) await connect(tx, user, account, requester)
}

/** Deletes what waited in vain. Returns how many. */
export async function purgeWaitingIdentities(): Promise<number> {
  return (await db().waitingIdentity.deleteMany({ where: { expiresAt: { lt: now() } } })).count
}

async function keep(
  tx: Tx,
  account: Account,
  until: { expiresAt: Date; challengeHash?: string },
): Promise<string> {
  const token = randomToken()
  const { provider } = account
  const sealed = seal(purpose, JSON.stringify(account))
  await tx.waitingIdentity.create({
    data: { id: newId(), tokenHash: hashToken(token), provider, account: sealed, createdAt: now(), ...until },
  })
  return token
}

/** Takes the latest one, once, and lets older ones of the same browser go. */
async function take(tx: Tx, by: { requestHash: string } | { challengeHash: string }) {
  const open = { ...by, connectedAt: null, expiresAt: { gt: now() } }
  const rows = await tx.waitingIdentity.findMany({ where: open, orderBy: { createdAt: "desc" } })
  if (rows.length > 0) await tx.waitingIdentity.updateMany({ where: open, data: { connectedAt: now() } })
  return rows
}

async function connect(tx: Tx, user: Person, account: Account, requester: Requester): Promise<void> {
  const connected = await connectIdentity(tx, user, account, { requester })
  const why = connected.ok ? connected.value : connected.error
  log.info({ user: user.id, provider: account.provider, why }, "identity proven")
}

function accountOf(row: WaitingIdentity): Account | undefined {
  const opened = unseal(purpose, row.account)
  return opened && isProvider(row.provider) ? sealedAccount.parse(JSON.parse(opened)) : undefined
}
