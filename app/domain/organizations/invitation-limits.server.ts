import { type Address, addressKey } from "~/domain/accounts/addresses.server"
import { env } from "~/platform/env.server"
import { defineLimit } from "~/platform/rate-limit.server"

const hour = 60 * 60

/** So that nobody uses an organisation to send mail to strangers in bulk. */
const perOrganization = defineLimit({
  name: "invitations-per-organization",
  points: () => env().limits.invitationsPerOrganizationHour,
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

/** Counts one invitation from an organisation to an address; false when either has had enough for this hour. */
export async function withinInvitationLimits(organizationId: string, address: Address): Promise<boolean> {
  const counted = await perOrganization.consume(organizationId)
  return counted.ok && (await perAddress.consume(addressKey(address.canonical))).ok
}
