/**
 * Asking for a sign-in link. The answer to the browser is written before anything is known of the address: the request only
 * stores a job, the same for known, unknown, disabled and suppressed addresses [L11], and what to mail is decided afterwards.
 */
import { z } from "zod"
import { maskAddress } from "~/domain/accounts/addresses.server"
import { deviceLabel, networkOf } from "~/domain/accounts/device.server"
import { findUserByEmail } from "~/domain/accounts/users.server"
import { lifetimeOf } from "~/domain/links/issue.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { maySignUp } from "~/domain/sign-in/sign-up.server"
import { now } from "~/platform/clock.server"
import { keyedHash } from "~/platform/crypto.server"
import { type Client, type Tx, transaction } from "~/platform/db.server"
import { defineJob } from "~/platform/jobs.server"
import { log } from "~/platform/log.server"

export const askedLink = z.object({
  /** Canonical address. */
  email: z.string(),
  emailTyped: z.string(),
  redirectTo: z.string().optional(),
  /** Hash of the request cookie of the browser that asked. */
  requestHash: z.string(),
  clientAddress: z.string(),
  userAgent: z.string(),
  requestedAt: z.coerce.date(),
  /** Asked for from the page of an expired link. */
  fresh: z.boolean().default(false),
  /** The name of the provider whose account waits for this link. */
  connects: z.string().optional(),
})
export type AskedLink = z.input<typeof askedLink>

/** Stores the request for a link; the mail follows after the answer. */
export async function storeLinkRequest(client: Client, asked: AskedLink): Promise<void> {
  await signInRequest.enqueue(client, askedLink.parse(asked))
  log.info({ network: networkOf(asked.clientAddress), fresh: asked.fresh === true }, "link asked for")
}

/** Decides what the mailbox of a request gets: a link, the news that there is no account, or nothing. */
export const signInRequest = defineJob({
  kind: "sign-in.request",
  payload: askedLink,
  attempts: 5,
  run: async asked => {
    await transaction(tx => answerRequest(tx, asked))
  },
})

async function answerRequest(tx: Tx, asked: z.output<typeof askedLink>): Promise<void> {
  const user = await findUserByEmail(tx, asked.email)
  if (user?.disabledAt) {
    log.info({ user: user.id, why: "disabled" }, "link refused")
    return
  }
  if (!user && !(await maySignUp(tx, asked.email))) return sayNoAccount(tx, asked.email)
  const { email, fresh, connects, ...link } = asked
  const [device, network] = [deviceLabel(asked.userAgent), networkOf(asked.clientAddress)]
  await queueMail(tx, {
    template: "sign_in",
    to: email,
    parameters: { device, network, fresh, connects },
    link: { ...link, userId: user?.id },
    dedupeKey: `sign_in:${asked.requestHash}:${asked.requestedAt.getTime()}`,
    expiresAt: new Date(asked.requestedAt.getTime() + lifetimeOf("sign_in")),
  })
}

/** At most one a day and address [L12]; the key keeps no address in the clear. */
export async function sayNoAccount(tx: Tx, email: string): Promise<void> {
  const day = now().toISOString().slice(0, 10)
  await queueMail(tx, {
    template: "no_account",
    to: email,
    parameters: {},
    dedupeKey: `no_account:${keyedHash("no-account", email)}:${day}`,
  })
  log.info({ address: maskAddress(email), why: "no account" }, "link refused")
}
