import { addressKey } from "~/domain/accounts/addresses.server"
import { err, ok, type Result } from "~/lib/result"
import { defineClientLimit } from "~/platform/client-limit.server"
import { env } from "~/platform/env.server"
import { defineLimit, type TooMany } from "~/platform/rate-limit.server"

export type { TooMany }

const minute = 60
const hour = 60 * minute

// No growing penalty by address: it would let a stranger lock its owner out. The links they cause still work for the owner.
const links = addressLimits("link-address")
// Apart from sign-in links: whoever asks for somebody's new password must not keep them from signing in.
const resets = addressLimits("reset-address")
const perClient = defineClientLimit({
  name: "link-client",
  points: () => env().limits.linksPerClient,
  seconds: 15 * minute,
  durable: true,
  penalty: true,
})
// Apart from the others: whoever holds an expired link has been let in before, and must not wait because of a neighbour.
const renewalsPerClient = defineClientLimit({
  name: "link-renewal-client",
  points: () => env().limits.linksPerClient,
  seconds: 15 * minute,
  durable: true,
  penalty: true,
})

/** Whether this client may ask for a link to this address [L16]. Counts the attempt. Fails with when to come back. */
export async function mayAskForLink(email: string, clientAddress: string): Promise<Result<void, TooMany>> {
  const client = await perClient.consume(clientAddress)
  return client.ok ? countAddress(links, email) : client
}

/** The same for a fresh link in place of an expired one, counted apart. */
export async function mayRenewLink(email: string, clientAddress: string): Promise<Result<void, TooMany>> {
  const client = await renewalsPerClient.consume(clientAddress)
  return client.ok ? countAddress(links, email) : client
}

/** The same for a link to a new password [S6]. */
export async function mayAskForReset(email: string, clientAddress: string): Promise<Result<void, TooMany>> {
  const client = await perClient.consume(clientAddress)
  return client.ok ? countAddress(resets, email) : client
}

/** The same for a fresh one in place of one that has expired. */
export async function mayRenewReset(email: string, clientAddress: string): Promise<Result<void, TooMany>> {
  const client = await renewalsPerClient.consume(clientAddress)
  return client.ok ? countAddress(resets, email) : client
}

/** The same for a link that is still good but may not sign in where it was opened: its holder has the mailbox. */
export function mayReplaceLink(clientAddress: string): Promise<Result<void, TooMany>> {
  return renewalsPerClient.consume(clientAddress)
}

/** Gives a request back once it has led to a sign-in, so that an office behind one address can sign in all day. */
export function forgiveLinkRequest(clientAddress: string): Promise<void> {
  return perClient.reward(clientAddress)
}

type AddressLimits = ReturnType<typeof addressLimits>

/** How many mails of one kind an address gets in a minute and in an hour. */
function addressLimits(name: string) {
  const lately = defineLimit({
    name: `${name}-minute`,
    points: () => env().limits.linksPerAddressMinute,
    seconds: minute,
    durable: true,
  })
  const hourly = defineLimit({
    name: `${name}-hour`,
    points: () => env().limits.linksPerAddressHour,
    seconds: hour,
    durable: true,
  })
  return { lately, hourly }
}

async function countAddress(limits: AddressLimits, email: string): Promise<Result<void, TooMany>> {
  const key = addressKey(email)
  const lately = await limits.lately.consume(key)
  if (!lately.ok) return err(lately.error)
  const hourly = await limits.hourly.consume(key)
  return hourly.ok ? ok() : err(hourly.error)
}
