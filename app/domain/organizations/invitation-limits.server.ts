import { type Address, addressKey } from "~/domain/accounts/addresses.server"
import { fromNow } from "~/platform/clock.server"
import { env } from "~/platform/env.server"
import { consumeAll, defineLimit } from "~/platform/rate-limit.server"

const hour = 60 * 60
const day = 24 * hour * 1_000

/** So that nobody uses an organisation to send mail to strangers in bulk, */
const perOrganization = defineLimit({
  name: "invitations-per-organization",
  points: () => env().limits.invitationsPerOrganizationHour,
  seconds: hour,
  durable: true,
})

/** nor several of them, */
const perPerson = defineLimit({
  name: "invitations-per-person",
  points: () => env().limits.invitationsPerPersonHour,
  seconds: hour,
  durable: true,
})

/** least of all with an account made for that. */
const perNewPerson = defineLimit({
  name: "invitations-per-new-person",
  points: () => env().limits.invitationsPerNewPersonHour,
  seconds: hour,
  durable: true,
})

/** So that no mailbox is flooded, by however many organisations: the measure of sign-in mail. */
const perAddress = defineLimit({
  name: "invitations-per-address",
  points: () => env().limits.linksPerAddressHour,
  seconds: hour,
  durable: true,
})

export type Inviting = { organizationId: string; inviter: { id: string; createdAt: Date }; address: Address }

/** Counts one invitation that is about to be sent; false, counting nothing, when one of its measures is full for this hour. */
export async function withinInvitationLimits({
  organizationId,
  inviter,
  address,
}: Inviting): Promise<boolean> {
  const isNew = inviter.createdAt > fromNow(-day)
  const counted = await consumeAll([
    ...(isNew ? [[perNewPerson, inviter.id] as const] : []),
    [perPerson, inviter.id],
    [perOrganization, organizationId],
    [perAddress, addressKey(address.canonical)],
  ])
  return counted.ok
}
