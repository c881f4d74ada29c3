/**
 * Registering [S6]: name, address and password, and nobody learns whether the address has an account [L11]. What was chosen waits
 * under the request of the browser that asked, the password as a hash, and counts only if the mailbox is proven for the first time
 * in that very browser. Spent elsewhere, or by somebody who has an account, it is dropped: whoever typed it may be somebody else.
 */
import { keepPassword } from "~/domain/accounts/password.server"
import { hashPassword } from "~/domain/accounts/password-hashing.server"
import { checkChoice } from "~/domain/accounts/password-policy.server"
import type { PasswordFlaw } from "~/domain/accounts/password-rules"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { nameUser } from "~/domain/accounts/users.server"
import { mayAskForLink } from "~/domain/sign-in/link-limits.server"
import { type AskedLink, storeLinkRequest } from "~/domain/sign-in/request-link.server"
import { err, ok, type Result } from "~/lib/result"
import { defineClientLimit } from "~/platform/client-limit.server"
import { fromNow, now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { env } from "~/platform/env.server"
import type { Link } from "~/platform/models.server"
import type { TooMany } from "~/platform/rate-limit.server"

const tenMinutes = 10 * 60

const perClient = defineClientLimit({
  name: "registration-client",
  points: () => env().limits.registrationsPerClient,
  seconds: tenMinutes,
  durable: true,
  penalty: true,
})
/** Passwords that were refused cost a look-up each, so they are counted too, more generously. */
const choicesPerClient = defineClientLimit({
  name: "registration-choice-client",
  points: () => env().limits.registrationsPerClient * 6,
  seconds: tenMinutes,
})

export type Registrant = { name: string; password: string }

/**
 * Keeps what was chosen for as long as the link lives, and asks for the link. Asked again in the same browser, the later choice
 * counts. Fails with what is wrong with the password, `busy`, or when to come back.
 */
export async function register(
  { name, password }: Registrant,
  asked: AskedLink,
): Promise<Result<void, { password: PasswordFlaw } | "busy" | TooMany>> {
  const { email, clientAddress } = asked
  const mayChoose = await choicesPerClient.consume(clientAddress)
  if (!mayChoose.ok) return mayChoose
  const fits = await checkChoice(password, [name, email])
  if (!fits.ok) return err({ password: fits.error })
  const mayRegister = await perClient.consume(clientAddress)
  if (!mayRegister.ok) return mayRegister
  const mayAsk = await mayAskForLink(email, clientAddress)
  if (!mayAsk.ok) return mayAsk
  const passwordHash = await hashPassword(password)
  if (!passwordHash.ok) return passwordHash
  await store({ name, passwordHash: passwordHash.value }, asked)
  return ok()
}

async function store(chosen: { name: string; passwordHash: string }, asked: AskedLink): Promise<void> {
  const { requestHash } = asked
  const values = { ...chosen, createdAt: now(), expiresAt: fromNow(env().linkLifetime.sign_in) }
  await transaction(async tx => {
    await tx.registration.upsert({
      where: { requestHash },
      create: { requestHash, ...values },
      update: values,
    })
    await storeLinkRequest(tx, asked)
  })
}

/** What became of what was chosen while registering: it counts, or it was dropped, and why. */
export const registrationEnds = ["kept", "elsewhere", "has_account"] as const

export type RegistrationEnd = (typeof registrationEnds)[number]

const waiting = joiningStatement<[string], { name: string; passwordHash: string; expiresAt: number }>(
  "SELECT name, passwordHash, expiresAt FROM Registration WHERE requestHash = ?",
)

/**
 * Settles the registration a spent link belongs to, if there is one, in the transaction of the sign-in. `firstProof`: the mailbox
 * was not proven before; `sameBrowser`: the link was spent where it was asked for.
 */
export async function settleRegistration(
  tx: Tx,
  link: Link,
  { userId, firstProof, sameBrowser, requester }: Settlement,
): Promise<RegistrationEnd | undefined> {
  const chosen = link.requestHash ? await waiting.get(tx, link.requestHash) : undefined
  if (!chosen || !link.requestHash) return undefined
  await tx.registration.delete({ where: { requestHash: link.requestHash } })
  if (!firstProof) return "has_account"
  if (!sameBrowser || chosen.expiresAt <= +now()) return "elsewhere"
  await nameUser(tx, userId, chosen.name)
  await keepPassword(tx, userId, chosen.passwordHash)
  await recordSecurityEvent(tx, { userId, kind: "password_set", requester })
  return "kept"
}

type Settlement = { userId: string; firstProof: boolean; sameBrowser: boolean; requester: Requester }

/** Deletes what was chosen and never proven. Returns how many. */
export async function purgeRegistrations(): Promise<number> {
  const purged = await db().registration.deleteMany({ where: { expiresAt: { lt: now() } } })
  return purged.count
}
